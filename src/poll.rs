//! What to ask AWS, how often, at what price.
