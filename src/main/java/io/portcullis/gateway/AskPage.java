package io.portcullis.gateway;

import io.portcullis.model.ServiceResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Asks the person, where something else than a person sent the browser to a login. The link leads
 * to the very same address; followed by a click on this page it is the person's own wish.
 */
final class AskPage {
  private AskPage() {}

  static ServiceResponse of(HttpServerRequest request) {
    String query = request.query() == null ? "" : "?" + request.query();
    String page =
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <title>Log in</title>
        </head>
        <body><p>Another page sent you here to log in. <a id="login" href="%s">Log in</a></p></body>
        </html>
        """
            .formatted(HopPage.escaped(request.path() + query));
    return new ServiceResponse(
        200, HopPage.HEADERS, Buffer.buffer(page), "text/html; charset=utf-8");
  }
}
