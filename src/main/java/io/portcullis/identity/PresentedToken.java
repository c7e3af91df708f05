package io.portcullis.identity;

import io.portcullis.model.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * The token of an {@code Authorization} header: {@code Bearer} (RFC 6750, section 2.1) or {@code
 * DPoP} (RFC 9449, section 7.1).
 *
 * @param scheme how it is presented
 * @param text the token itself
 */
record PresentedToken(Scheme scheme, String text) {
  /** What may stand before the token, in any case. */
  enum Scheme {
    /** Whoever has the token may use it, unless it is bound to a certificate. */
    BEARER("Bearer"),
    /** A proof comes with it. */
    DPOP("DPoP");

    private final String word;

    Scheme(String word) {
      this.word = word;
    }
  }

  /** The token stays out of logs. */
  @Override
  public String toString() {
    return scheme.word + " ******";
  }

  /**
   * Takes the token out of the values of all {@code Authorization} headers of a request.
   *
   * @return empty when there is no such header
   * @throws Rejection when there are several headers, another scheme, or anything that is not
   *     {@code scheme 1*SP token68}
   */
  static Optional<PresentedToken> from(List<String> headerValues) {
    if (headerValues.isEmpty()) {
      return Optional.empty();
    }
    if (headerValues.size() > 1) {
      throw Refusal.AUTHORIZATION_REPEATED.rejection();
    }
    String value = headerValues.getFirst();
    Scheme scheme = scheme(value).orElseThrow(Refusal.AUTHORIZATION_SCHEME::rejection);
    int start = scheme.word.length();
    while (start < value.length() && value.charAt(start) == ' ') {
      start++;
    }
    String token = value.substring(start);
    if (!isToken68(token)) {
      throw Refusal.AUTHORIZATION_MALFORMED.rejection();
    }
    return Optional.of(new PresentedToken(scheme, token));
  }

  /** The scheme of a header's value, if it is one of ours. */
  static Optional<Scheme> scheme(String value) {
    int end = value.indexOf(' ');
    int length = end < 0 ? value.length() : end;
    for (Scheme scheme : Scheme.values()) {
      if (length == scheme.word.length() && value.regionMatches(true, 0, scheme.word, 0, length)) {
        return Optional.of(scheme);
      }
    }
    return Optional.empty();
  }

  /** {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}. */
  private static boolean isToken68(String token) {
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
