package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.LoginFlow;
import io.portcullis.session.Sessions;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Our two cookies (RFC 6265). Their names' prefix makes browsers refuse them from other hosts, from
 * plain connections and from scripts. A request with two of one name is refused: nobody can say
 * which of them is the browser's own.
 */
final class Cookies {
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._-]{1,4000}");
  private static final CharSequence SET_COOKIE = HttpHeaders.createOptimized("set-cookie");
  private static final String PROTECTED = "; Path=/; Secure; HttpOnly; SameSite=";

  private Cookies() {}

  /** The session cookie's value; empty when there is none. */
  static Optional<String> session(Exchange exchange) {
    return find(exchange.request.headers(), Sessions.COOKIE);
  }

  /** The value of the cookie of a login under way; empty when there is none. */
  static Optional<String> login(Exchange exchange) {
    return find(exchange.request.headers(), LoginFlow.COOKIE);
  }

  /** Only requests that begin on our own pages have it. It ends with the browser, if not before. */
  static void setSession(Exchange exchange, String value) {
    add(exchange, Sessions.COOKIE + "=" + value + PROTECTED + "Strict");
  }

  static void clearSession(Exchange exchange) {
    add(exchange, Sessions.COOKIE + "=" + PROTECTED + "Strict; Max-Age=0");
  }

  /** It must be there when the issuer sends the browser back, which is another site. */
  static void setLogin(Exchange exchange, String value, Duration life) {
    add(exchange, LoginFlow.COOKIE + "=" + value + PROTECTED + "Lax; Max-Age=" + life.toSeconds());
  }

  static void clearLogin(Exchange exchange) {
    add(exchange, LoginFlow.COOKIE + "=" + PROTECTED + "Lax; Max-Age=0");
  }

  private static void add(Exchange exchange, String line) {
    exchange.response.headers().add(SET_COOKIE, line);
  }

  static Optional<String> find(MultiMap headers, String name) {
    String found = null;
    for (String line : headers.getAll(HttpHeaders.COOKIE)) {
      int start = 0;
      while (start < line.length()) {
        int end = line.indexOf(';', start);
        end = end < 0 ? line.length() : end;
        String pair = line.substring(start, end).strip();
        start = end + 1;
        if (!named(pair, name)) {
          continue;
        }
        if (found != null) {
          throw refused("cookie-repeated", "The cookie " + name + " is repeated.");
        }
        found = pair.substring(name.length() + 1);
      }
    }
    if (found != null && !VALUE.matcher(found).matches()) {
      throw refused("cookie-malformed", "The cookie " + name + " is malformed.");
    }
    return Optional.ofNullable(found);
  }

  private static boolean named(String pair, String name) {
    return pair.length() > name.length()
        && pair.startsWith(name)
        && pair.charAt(name.length()) == '=';
  }

  private static Rejection refused(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }
}
