package io.portcullis.model;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;

/**
 * A request as a service on the event bus sees it: proved, authorised, limited. HTTP ends at the
 * gateway, so the parts here are plain values; the service never sees a header that it did not ask
 * for.
 *
 * @param id the request id
 * @param caller who asks; its tenant is present and active on every tenant-bound route
 * @param operation what is asked, as named by the route, e.g. {@code conversation.list}
 * @param path values of the path template's parameters, decoded
 * @param query query parameters, decoded; a repeated parameter was refused by the gateway
 * @param headers the headers that the route passes on, names in lower case
 * @param body the raw body, empty when there was none; not yet parsed
 * @param deadline when the gateway stops waiting
 */
public record ServiceRequest(
    String id,
    Caller caller,
    String operation,
    Map<String, String> path,
    Map<String, String> query,
    Map<String, String> headers,
    Buffer body,
    Instant deadline) {}
