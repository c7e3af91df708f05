package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * As much of a browser as a login needs: a jar of cookies for each address, redirects one at a
 * time, and Keycloak's login page read as text. It sends what it has, so what a real browser would
 * keep back is for the server to refuse.
 */
public final class PlainBrowser implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Pattern FORM =
      Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"", Pattern.DOTALL);
  private static final int MAX_PAGES = 6;

  private final HttpClient http;
  private final Map<String, Map<String, String>> jars = new TreeMap<>();

  /** Without cookies. */
  public PlainBrowser() {
    this(Optional.empty());
  }

  /** Without cookies, trusting whom the context trusts. */
  public PlainBrowser(SSLContext trust) {
    this(Optional.of(trust));
  }

  private PlainBrowser(Optional<SSLContext> trust) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5));
    trust.ifPresent(builder::sslContext);
    http = builder.build();
  }

  /** GET; headers as name, value, name, value. */
  public HttpResponse<String> get(URI address, String... headers) {
    return send(HttpRequest.newBuilder(address).GET(), headers);
  }

  /** POST of a form. */
  public HttpResponse<String> post(URI address, Map<String, String> form, String... headers) {
    return postRaw(address, Form.encode(form), headers);
  }

  /** POST of a form as it is. */
  public HttpResponse<String> postRaw(URI address, String body, String... headers) {
    return send(
        HttpRequest.newBuilder(address)
            .header("content-type", Form.TYPE)
            .POST(BodyPublishers.ofString(body)),
        headers);
  }

  /** POST of JSON. */
  public HttpResponse<String> post(URI address, JsonObject body, String... headers) {
    return send("POST", address, body, headers);
  }

  /** Any request, with JSON or without a body. */
  public HttpResponse<String> send(
      String method, URI address, @Nullable JsonObject body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("content-type", "application/json")
          .method(method, BodyPublishers.ofString(body.encode()));
    }
    return send(request, headers);
  }

  /** The cookies that an address gets. */
  public Map<String, String> cookies(URI address) {
    return jars.computeIfAbsent(address.getAuthority(), ignored -> new TreeMap<>());
  }

  /**
   * Goes through the issuer's pages as that person, whose password is their name.
   *
   * @param authorization where the gateway sent this browser
   * @return where the issuer sends it then: not visited yet
   */
  public URI authenticate(URI authorization, String person) {
    HttpResponse<String> answer = get(authorization);
    for (int page = 0; page < MAX_PAGES; page++) {
      Optional<URI> next = location(answer);
      if (next.isPresent()) {
        if (!next.get().getAuthority().equals(authorization.getAuthority())) {
          return next.get();
        }
        answer = get(next.get());
        continue;
      }
      Matcher form = FORM.matcher(answer.body());
      if (!form.find()) {
        throw new AssertionError("no form: " + answer.statusCode() + " " + answer.body());
      }
      URI action = answer.uri().resolve(form.group(1).replace("&amp;", "&"));
      answer = post(action, Map.of("username", person, "password", person, "credentialId", ""));
    }
    throw new AssertionError("no way back from " + answer.uri() + ": " + answer.body());
  }

  /** Where an answer sends this browser. */
  public static Optional<URI> location(HttpResponse<?> answer) {
    return answer.statusCode() / 100 == 3
        ? answer.headers().firstValue("location").map(answer.uri()::resolve)
        : Optional.empty();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    URI address = request.copy().build().uri();
    Map<String, String> jar = cookies(address);
    if (!jar.isEmpty()) {
      request.header(
          "cookie",
          jar.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
      keep(jar, answer.headers().allValues("set-cookie"));
      return answer;
    } catch (IOException e) {
      throw new AssertionError(address + " did not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void keep(Map<String, String> jar, List<String> lines) {
    for (String line : lines) {
      String pair = line.split(";", 2)[0];
      String name = pair.substring(0, pair.indexOf('='));
      if (line.matches("(?i).*;\\s*max-age=0\\b.*")) {
        jar.remove(name);
      } else {
        jar.put(name, pair.substring(name.length() + 1));
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
