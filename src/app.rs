//! The application: messages in, effects out.
