package io.portcullis.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The token endpoint of an issuer on loopback, which answers whatever a test wants. */
public final class TokenEndpoint implements AutoCloseable {
  /**
   * An answer.
   *
   * @param status 0 for none at all
   */
  public record Answer(int status, String type, String body) {
    /** JSON with a status. */
    public static Answer json(int status, JsonObject body) {
      return new Answer(status, "application/json", body.encode());
    }

    /** An error of RFC 6749, section 5.2. */
    public static Answer error(String code) {
      return json(
          400, new JsonObject().put("error", code).put("error_description", "for a reason"));
    }

    /** Silence. */
    public static Answer none() {
      return new Answer(0, "", "");
    }
  }

  private final HttpServer server;
  private final List<MultiMap> forms = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Function<MultiMap, Answer> answers = form -> Answer.error("invalid_grant");

  /** Starts on a free port. */
  public TokenEndpoint(Vertx vertx) {
    server =
        Await.value(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  /** Its address. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/token");
  }

  /** Answers like this from now on. */
  public void answer(Function<MultiMap, Answer> newAnswers) {
    answers = newAnswers;
  }

  /** What was posted, in order. */
  public List<MultiMap> forms() {
    return List.copyOf(forms);
  }

  /** How each of them authenticated. */
  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** How many wait for an answer that does not come. */
  public int waiting() {
    return waiting.get();
  }

  private void take(HttpServerRequest request) {
    request.setExpectMultipart(true);
    request.endHandler(
        end -> {
          forms.add(MultiMap.caseInsensitiveMultiMap().addAll(request.formAttributes()));
          authorizations.add(request.headers().get("authorization"));
          Answer answer = answers.apply(request.formAttributes());
          if (answer.status() == 0) {
            waiting.incrementAndGet();
          } else {
            request
                .response()
                .setStatusCode(answer.status())
                .putHeader("content-type", answer.type())
                .end(answer.body());
          }
        });
  }

  @Override
  public void close() {
    Await.value(server.close());
  }
}
