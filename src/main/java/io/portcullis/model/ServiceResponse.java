package io.portcullis.model;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * A service's answer. A refusal is not a response: it travels as a failed reply that carries a
 * {@link Rejection}.
 *
 * @param status the HTTP status code, 2xx
 * @param headers headers to add, e.g. {@code location}
 * @param body the body; empty for none
 * @param contentType the media type of the body; empty for none
 */
public record ServiceResponse(
    int status, Map<String, String> headers, Buffer body, String contentType) {}
