package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;

/**
 * Everything the strict reading of HTTP/1.1 refuses, by reason. Made once: a flood of them costs no
 * allocation.
 */
final class Malformed {
  static final Rejection REQUEST_LINE = of("request-line", "The request line is not well-formed.");
  static final Rejection REQUEST_LINE_SIZE =
      of("request-line-size", "The request line is too long.");
  static final Rejection VERSION =
      of("http-version", "The protocol version is not HTTP/1.1 or HTTP/1.0.");
  static final Rejection TARGET_FORM =
      of("target-form", "The request target must be an absolute path.");
  static final Rejection TARGET_CHARACTER =
      of("target-character", "The request target contains a character that must be escaped.");
  static final Rejection LINE_END = of("line-end", "A line does not end with CR LF.");
  static final Rejection HEAD_SIZE = of("head-size", "The header fields are too large.");
  static final Rejection FIELD_COUNT = of("header-count", "There are too many header fields.");
  static final Rejection FIELD_NAME = of("header-name", "The name of a header is not valid.");
  static final Rejection FIELD_VALUE =
      of("header-value", "A header contains a control character.");
  static final Rejection FOLDED = of("header-folded", "A header is folded over several lines.");
  static final Rejection HOST_MISSING = of("host-missing", "The header Host is missing.");
  static final Rejection HOST_REPEATED = of("host-repeated", "The header Host is repeated.");
  static final Rejection HOST = of("host-invalid", "The header Host does not name a host.");
  static final Rejection LENGTH =
      of("content-length-invalid", "The header Content-Length is not a number.");
  static final Rejection LENGTH_REPEATED =
      of("content-length-repeated", "The header Content-Length is repeated.");
  static final Rejection TRANSFER_ENCODING =
      of("transfer-encoding-unknown", "The only transfer coding is a single \"chunked\".");
  static final Rejection TRANSFER_ENCODING_VERSION =
      of("transfer-encoding-version", "HTTP/1.0 has no Transfer-Encoding.");
  static final Rejection TRANSFER_ENCODING_WITH_LENGTH =
      of(
          "transfer-encoding-with-length",
          "Transfer-Encoding and Content-Length exclude each other.");
  static final Rejection CHUNK_SIZE =
      of("chunk-size", "The size of a chunk is not a plain hexadecimal number.");
  static final Rejection CHUNK_END = of("chunk-end", "A chunk does not end where its size says.");
  static final Rejection TRAILER =
      of("trailer-forbidden", "A trailer is about framing or destination.");
  static final Rejection DISAGREEMENT =
      of("http-malformed", "The request is not well-formed HTTP.");
  static final Rejection EXPECTATION =
      Rejection.of(
          Problem.EXPECTATION_FAILED,
          "expectation",
          "The only expectation that can be met is \"100-continue\".");

  private Malformed() {}

  private static Rejection of(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }
}
