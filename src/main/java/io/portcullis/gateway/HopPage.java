package io.portcullis.gateway;

import io.portcullis.model.ServiceResponse;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * One step between a login and the page it was for. The browser was sent to us by another site, and
 * as long as it only follows redirects it keeps a {@code SameSite=Strict} cookie back; a step that
 * begins on a page of ours it takes with the cookie. No script is needed, and none may run.
 */
final class HopPage {
  static final Map<String, String> HEADERS =
      Map.of(
          "content-security-policy",
              "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          // The address of this page has the code in it.
          "referrer-policy", "no-referrer");

  private HopPage() {}

  static ServiceResponse to(String path) {
    String target = escaped(path);
    String page =
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="refresh" content="0;url=%1$s">
        <title>Logged in</title>
        </head>
        <body><p>You are logged in. <a href="%1$s">Continue</a></p></body>
        </html>
        """
            .formatted(target);
    return new ServiceResponse(200, HEADERS, Buffer.buffer(page), "text/html; charset=utf-8");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
