//! How far colours are apart, for those who see red and green as one, too.

/// Red, green and blue of a screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rgb(pub(super) [u8; 3]);

impl Rgb {
    /// WCAG 2.2's contrast ratio, 1 to 21.
    pub(super) fn contrast(self, other: Self) -> f64 {
        let luminance = |rgb: Self| {
            let [red, green, blue] = rgb.light();
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let (a, b) = (luminance(self), luminance(other));
        a.max(b) / a.min(b)
    }

    /// The channels as light, 0 to 1 (IEC 61966-2-1).
    fn light(self) -> [f64; 3] {
        self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// Whose eye.
#[derive(Debug, Clone, Copy)]
pub(super) enum Eye {
    Usual,
    /// Without green cones.
    Deuteranope,
    /// Without red cones.
    Protanope,
}

type Matrix = [[f64; 3]; 3];

impl Eye {
    pub(super) const ALL: [Self; 3] = [Self::Usual, Self::Deuteranope, Self::Protanope];

    /// How different two colours look, in hundredths of `OKLab`'s unit: 100 is black to white.
    pub(super) fn distance(self, a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (oklab(self.sees(a)), oklab(self.sees(b)));
        100.0 * a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
    /// Vision Deficiency" (2009), severity 1.0; on light.
    fn sees(self, rgb: Rgb) -> [f64; 3] {
        let matrix = match self {
            Self::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Deuteranope => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Self::Protanope => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        };
        times(&matrix, rgb.light()).map(|light| light.clamp(0.0, 1.0))
    }
}

/// Björn Ottosson, "A perceptual color space for image processing".
fn oklab(light: [f64; 3]) -> [f64; 3] {
    const TO_CONES: Matrix = [
        [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
        [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
        [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
    ];
    const FROM_CONES: Matrix = [
        [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
    ];
    times(&FROM_CONES, times(&TO_CONES, light).map(f64::cbrt))
}

fn times(matrix: &Matrix, [x, y, z]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}
