package io.portcullis.model;

/**
 * Every way an answer can be a refusal or a failure: the names of our problem documents (RFC 9457).
 *
 * <p>The split that matters: 4xx is the caller's doing, 5xx is ours. An outage of a part of the
 * platform is never one of the former.
 */
public enum Problem {
  /** The request itself is malformed; {@code detail} says where. */
  INVALID_REQUEST(400, "invalid-request", "The request is not valid"),
  /** No credential, or one that does not hold. */
  UNAUTHENTICATED(401, "unauthenticated", "Authentication is required"),
  /** The caller is known and may not do this. */
  FORBIDDEN(403, "forbidden", "Access is not allowed"),
  /** The request names a tenant that is not the credential's. */
  TENANT_MISMATCH(403, "tenant-mismatch", "The request names another tenant"),
  /** The credential does not name exactly one tenant. */
  TENANT_AMBIGUOUS(403, "tenant-ambiguous", "The credential does not name exactly one tenant"),
  /** The tenant is suspended. */
  TENANT_SUSPENDED(403, "tenant-suspended", "The tenant is suspended"),
  /** Nothing lives at this path, or nothing that this caller may know of. */
  NOT_FOUND(404, "not-found", "Not found"),
  /** The path exists, the method does not. */
  METHOD_NOT_ALLOWED(405, "method-not-allowed", "The method is not allowed here"),
  /** The request conflicts with the state of the resource or with an earlier use of its key. */
  CONFLICT(409, "conflict", "The request conflicts with the present state"),
  /** The body is larger than this route takes. */
  PAYLOAD_TOO_LARGE(413, "payload-too-large", "The request body is too large"),
  /** The body is of a type this route does not take. */
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The media type is not supported"),
  /** The caller expects something that we do not do. */
  EXPECTATION_FAILED(417, "expectation-failed", "The expectation cannot be met"),
  /** A limit of the caller is used up. */
  QUOTA_EXCEEDED(429, "quota-exceeded", "A rate limit is exceeded"),
  /** Our mistake. */
  INTERNAL(500, "internal", "Internal error"),
  /** The service behind us answered badly. */
  UPSTREAM_FAILED(502, "upstream-failed", "The service behind the gateway failed"),
  /** We have more to do than we can. */
  OVERLOADED(503, "overloaded", "Too much to do at the moment"),
  /** A part of the platform is away. */
  DEPENDENCY_UNAVAILABLE(503, "dependency-unavailable", "A part of the platform is not available"),
  /** The service behind us did not answer in time. */
  UPSTREAM_TIMEOUT(
      504, "upstream-timeout", "The service behind the gateway did not answer in time");

  private static final String BASE = "https://portcullis.dev/problems/";

  private final int status;
  private final String code;
  private final String title;

  Problem(int status, String code, String title) {
    this.status = status;
    this.code = code;
    this.title = title;
  }

  /** The HTTP status code. */
  public int status() {
    return status;
  }

  /** The short name, the last segment of {@link #type()}. */
  public String code() {
    return code;
  }

  /** The problem type URI. */
  public String type() {
    return BASE + code;
  }

  /** One line for people, the same for every occurrence. */
  public String title() {
    return title;
  }
}
