package io.portcullis.config;

/**
 * A key's effective value.
 *
 * @param declaration the key
 * @param shown the value as written, or the default; a secret is masked
 * @param origin where it came from
 */
record Setting(Declaration declaration, String shown, Origin origin) {}
