package io.portcullis.chat;

/**
 * A creation that must happen once.
 *
 * @param key the caller's idempotency key; belongs to the subject
 * @param fingerprint tells whether a second request with the key asks for the same
 */
record Claim(String key, String fingerprint) {}
