package io.portcullis.identity;

import io.portcullis.model.Rejection;
import java.util.List;
import java.util.Optional;

/** The token of an {@code Authorization: Bearer} header, as RFC 6750, section 2.1 writes it. */
public final class BearerToken {
  private static final String SCHEME = "Bearer";

  private BearerToken() {}

  /**
   * Takes the token out of the values of all {@code Authorization} headers of a request.
   *
   * @return empty when there is no such header
   * @throws Rejection when there are several headers, another scheme, or anything that is not
   *     {@code "Bearer" 1*SP b64token}
   */
  public static Optional<String> from(List<String> headerValues) {
    if (headerValues.isEmpty()) {
      return Optional.empty();
    }
    if (headerValues.size() > 1) {
      throw Refusal.AUTHORIZATION_REPEATED.rejection();
    }
    String value = headerValues.getFirst();
    int end = value.indexOf(' ');
    if (!SCHEME.equalsIgnoreCase(end < 0 ? value : value.substring(0, end))) {
      throw Refusal.AUTHORIZATION_SCHEME.rejection();
    }
    int start = SCHEME.length();
    while (start < value.length() && value.charAt(start) == ' ') {
      start++;
    }
    String token = value.substring(start);
    if (!isB64Token(token)) {
      throw Refusal.AUTHORIZATION_MALFORMED.rejection();
    }
    return Optional.of(token);
  }

  /** {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}. */
  private static boolean isB64Token(String token) {
    int end = token.length();
    while (end > 0 && token.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = token.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~+/".indexOf(c) >= 0;
      if (!allowed) {
        return false;
      }
    }
    return end > 0;
  }
}
