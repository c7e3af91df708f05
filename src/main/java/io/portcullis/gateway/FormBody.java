package io.portcullis.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A form's fields ({@code application/x-www-form-urlencoded}), read as strictly as a query. */
final class FormBody {
  private static final Pattern TYPE =
      Pattern.compile(
          "application/x-www-form-urlencoded *(; *charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

  private FormBody() {}

  /** Reads it; fails with a {@link Rejection} when it is too large or not exactly a form. */
  static Future<Map<String, String>> read(Exchange exchange, BodyLimit limit) {
    List<String> types = exchange.request.headers().getAll(HttpHeaders.CONTENT_TYPE);
    if (types.size() != 1 || !TYPE.matcher(types.getFirst()).matches()) {
      return Future.failedFuture(
          Rejection.of(
              Problem.UNSUPPORTED_MEDIA_TYPE,
              "form-type",
              "The body must be of the type application/x-www-form-urlencoded."));
    }
    return RequestPath.bodyOf(exchange, limit)
        .map(body -> RequestTarget.query(body.toString(ISO_8859_1)));
  }
}
