package io.portcullis.identity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request is for, as a DPoP proof names it ({@code htu}; RFC 9449, section 4.3): an absolute
 * http or https address without query and fragment, in the one spelling that the syntax-based and
 * scheme-based normalisation of RFC 3986 (sections 6.2.2 and 6.2.3) gives to all of its spellings.
 * Only what those sections call equal is equal: an encoded slash is no slash, a slash at the end
 * counts, paths have case.
 */
final class TargetUri {
  private static final int MAX_LENGTH = 8192;
  private static final int MAX_PORT = 65_535;
  private static final int HEX = 16;
  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
              + "(?<host>[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])"
              + "(?::(?<port>[1-9][0-9]{0,4})?)?"
              + "(?<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*+)?)"
              + "(?:\\?[!-~&&[^#]]*+)?"
              + "(?:#[!-~]*+)?");

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private TargetUri() {}

  /** Whether both are addresses, and of the same. */
  static boolean same(String one, String other) {
    Optional<String> normal = normal(one);
    return normal.isPresent() && normal.equals(normal(other));
  }

  /** The normal spelling; empty when it is not such an address. */
  static Optional<String> normal(String uri) {
    if (uri.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(uri);
    if (!form.matches() || BROKEN_ESCAPE.matcher(form.group("path")).find()) {
      return Optional.empty();
    }
    String scheme = form.group("scheme").toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = form.group("port") == null ? usual : Integer.parseInt(form.group("port"));
    if (port > MAX_PORT) {
      return Optional.empty();
    }
    return Optional.of(
        scheme
            + "://"
            + form.group("host").toLowerCase(Locale.ROOT)
            + (port == usual ? "" : ":" + port)
            + withoutDotSegments(unescaped(form.group("path"))));
  }

  /** Escapes of unreserved characters become those; the others are in capitals. */
  private static String unescaped(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    StringBuilder plain = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '%') {
        plain.append(c);
        continue;
      }
      String hex = path.substring(i + 1, i + 3);
      char meant = (char) Integer.parseInt(hex, HEX);
      if (isUnreserved(meant)) {
        plain.append(meant);
      } else {
        plain.append('%').append(hex.toUpperCase(Locale.ROOT));
      }
      i += 2;
    }
    return plain.toString();
  }

  /** RFC 3986, section 2.3. */
  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~".indexOf(c) >= 0;
  }

  /** RFC 3986, section 5.2.4, for a path that is empty or absolute. */
  private static String withoutDotSegments(String path) {
    if (path.isEmpty()) {
      return "/";
    }
    if (!path.contains("/.")) {
      return path;
    }
    String[] segments = path.substring(1).split("/", -1);
    Deque<String> kept = new ArrayDeque<>();
    for (int i = 0; i < segments.length; i++) {
      boolean up = segments[i].equals("..");
      boolean here = segments[i].equals(".");
      if (up) {
        kept.pollLast();
      }
      if (!up && !here) {
        kept.addLast(segments[i]);
      } else if (i == segments.length - 1) {
        kept.addLast(""); // "/a/." is "/a/"
      }
    }
    return "/" + String.join("/", kept);
  }
}
