package io.portcullis.session;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * When an access token says that it ends, for an answer that does not ({@code expires_in} is only
 * recommended, RFC 6749, section 5.1). Nothing is proved here: the token itself is, on each use,
 * and then its end counts again.
 */
final class ExpiryHint {
  private static final JsonLimits LIMITS = new JsonLimits(64 << 10, 8, 8 << 10, 2_000);

  private ExpiryHint() {}

  /** Empty for a token that is no JWT (RFC 7519), or names no end. */
  static Optional<Instant> of(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      return JsonText.parseObject(claims, LIMITS).getValue("exp") instanceof Number seconds
          ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
          : Optional.empty();
    } catch (IllegalArgumentException | JsonTextException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
