package io.portcullis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Other ways to write a path, each of which some server takes for the path itself. */
final class Spellings {
  /** Instead of a slash. */
  private static final List<String> SLASHES =
      List.of(
          "//",
          "///",
          "/./",
          "/%2e/",
          "/.%2f",
          "/x/../",
          "/x/%2e%2e/",
          "/x/..%2f",
          "/x/%2e./",
          "/x/..;/",
          "/x/..%3b/",
          "/x%2f../",
          "%2f",
          "%2F",
          "%252f",
          "%25252f",
          "\\",
          "%5c",
          "/%5c",
          ";/",
          "/;/",
          "/;x=1/",
          "/;a;b/",
          "%c0%af",
          "%e0%80%af",
          "%ef%bc%8f",
          "%u002f",
          "/%00/",
          "%00/",
          "/%20/",
          "%09/",
          "/%0a/",
          "/%0d%0a/",
          "/%ff/",
          "/%",
          "/%2",
          "/%zz/");

  /** After the end. */
  private static final List<String> ENDS =
      List.of(
          "/",
          "//",
          "/.",
          "/..",
          ".",
          "..",
          "...",
          "%20",
          "%09",
          "%00",
          "%0a",
          "%0d%0a",
          "%00.css",
          ";",
          ";x=1",
          ";.css",
          "%3b",
          ".json",
          ".css",
          ".html",
          "/.css",
          "/x.css",
          "#",
          "#x",
          "%23",
          "%23x",
          "?",
          "??",
          "?/",
          "?x=/../openapi.json",
          "%3f",
          "%3fx",
          "&",
          "~",
          "%2f",
          "%2e",
          "\\",
          "%5c",
          "|",
          "%7c",
          "%ff",
          "%c0%80",
          "/..;/",
          "/%2e%2e/",
          "/../openapi.json",
          "/%2e%2e/openapi.json",
          "/..;/openapi.json",
          "/..%2fopenapi.json",
          "%2f..%2fopenapi.json",
          "?_method=GET",
          "%26x",
          "*",
          "'",
          "\"",
          "<",
          "{}",
          "^");

  /** Before the beginning. */
  private static final List<String> BEGINNINGS =
      List.of(
          "/",
          "//",
          "/.",
          "/./.",
          "/..",
          "/%2e",
          "/%2e%2e",
          "/%2f",
          "/\\",
          "/%5c",
          "\\",
          "/;",
          "/;x",
          "/%20",
          "/%09",
          "/%00",
          "/openapi.json/..",
          "/openapi.json/%2e%2e",
          "/openapi.json/..;",
          "/openapi.json;",
          "/openapi.json%2f..",
          "/openapi.json%00",
          "/openapi.json#",
          "/assets/..",
          "/assets/..;",
          "/auth/callback/..",
          "http://localhost",
          "https://localhost",
          "http://evil.example",
          "http://localhost@evil.example",
          "http:/",
          "http:",
          "//localhost",
          "//evil.example",
          "///evil.example",
          "localhost:443",
          "*",
          "?",
          "/http://localhost",
          "/@localhost",
          "/%2e%2e%2f%2e%2e",
          "/..%c0%af..",
          "/api/v1/me/../../..",
          "/api/v1/me;/../../..");

  private Spellings() {}

  /** Every spelling; the path itself is none of them. */
  static List<String> of(String path) {
    List<String> all = new ArrayList<>();
    int second = path.indexOf('/', 1);
    for (int slash : List.of(second, path.lastIndexOf('/'))) {
      for (String other : SLASHES) {
        all.add(path.substring(0, slash) + other + path.substring(slash + 1));
      }
    }
    ENDS.forEach(end -> all.add(path + end));
    BEGINNINGS.forEach(beginning -> all.add(beginning + path));
    String capitals = path.toUpperCase(Locale.ROOT);
    all.add(capitals);
    all.add(path.substring(0, 2).toUpperCase(Locale.ROOT) + path.substring(2));
    String hex = Integer.toHexString(path.charAt(1));
    for (String escape : List.of("%" + hex, "%25" + hex, "%2525" + hex, "%u00" + hex)) {
      all.add("/" + escape + path.substring(2));
    }
    all.add(path.replace("/", "%2f"));
    all.add(path.replace("/", "\\"));
    all.add(path.substring(1));
    all.add(path + path);
    all.removeIf(spelling -> spelling.equals(path));
    return all;
  }
}
