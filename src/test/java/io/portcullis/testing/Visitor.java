package io.portcullis.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A person's browser without the browser: follows redirects, keeps cookies by host and path as
 * browsers do (whatever the port), and sends forms. It knows no SameSite and runs no script. One
 * thread at a time.
 */
public final class Visitor implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 10;
  private static final Pattern GONE = Pattern.compile("(?i).*;\\s*max-age=(0|-\\d+)\\b.*");
  private static final Pattern PATH = Pattern.compile("(?i);\\s*path=([^;]*)");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final Map<Place, String> cookies = new LinkedHashMap<>();

  /** Goes to an address and wherever that leads. */
  public Page get(URI address, String... headers) {
    return follow(go("GET", address, "", headers));
  }

  /** One request, without following; headers as name, value, name, value. */
  public Page send(String method, URI address, String... headers) {
    return go(method, address, "", headers);
  }

  /** Sends the page's form with these fields and its own hidden ones, and goes where that leads. */
  public Page submit(Page page, Map<String, String> fields) {
    Map<String, String> all = page.hiddenFields();
    all.putAll(fields);
    return follow(go("POST", page.formTarget(), Form.encode(all), "Content-Type", Form.TYPE));
  }

  /** The value of a cookie of any host. */
  public Optional<String> cookie(String name) {
    return cookies.entrySet().stream()
        .filter(cookie -> cookie.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private Page follow(Page first) {
    Page page = first;
    for (int i = 0; i < MOST_REDIRECTS; i++) {
      Optional<URI> next = page.redirect();
      if (next.isEmpty()) {
        return page;
      }
      page = go("GET", next.get(), "");
    }
    throw new AssertionError("too many redirects, now at " + page.address());
  }

  private Page go(String method, URI address, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(LIMIT)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    String sent = cookiesFor(address);
    if (!sent.isEmpty()) {
      request.header("Cookie", sent);
    }
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      answer.headers().allValues("Set-Cookie").forEach(line -> keep(address.getHost(), line));
      return new Page(address, answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + address + " was not answered: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private String cookiesFor(URI address) {
    return cookies.entrySet().stream()
        .filter(cookie -> cookie.getKey().covers(address))
        .map(cookie -> cookie.getKey().name() + "=" + cookie.getValue())
        .collect(Collectors.joining("; "));
  }

  private void keep(String host, String line) {
    String pair = line.split(";", 2)[0];
    int equals = pair.indexOf('=');
    Matcher path = PATH.matcher(line);
    Place place =
        new Place(host, path.find() ? path.group(1).strip() : "/", pair.substring(0, equals));
    if (GONE.matcher(line).matches()) {
      cookies.remove(place);
    } else {
      cookies.put(place, pair.substring(equals + 1));
    }
  }

  private record Place(String host, String path, String name) {
    boolean covers(URI address) {
      return address.getHost().equals(host) && address.getPath().startsWith(path);
    }
  }

  /** What was answered. */
  public record Page(URI address, int status, HttpHeaders headers, String text) {
    private static final Pattern ACTION = Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"");
    private static final Pattern INPUT = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>");
    private static final Pattern NAME = Pattern.compile("\\sname=\"([^\"]*)\"");
    private static final Pattern VALUE = Pattern.compile("\\svalue=\"([^\"]*)\"");
    private static final Pattern REFRESH =
        Pattern.compile("(?i)<meta\\s+http-equiv=\"?refresh\"?\\s+content=\"0;\\s*url=([^\"]+)\"");

    /** Where this leads at once: a redirect, or a page that says so itself. */
    Optional<URI> redirect() {
      if (status >= 300 && status < 400) {
        return headers.firstValue("Location").map(address::resolve);
      }
      return first(REFRESH, text).map(address::resolve);
    }

    /** Where the page's first form goes. */
    public URI formTarget() {
      return address.resolve(
          first(ACTION, text)
              .orElseThrow(() -> new AssertionError(status + " and no form at " + address)));
    }

    Map<String, String> hiddenFields() {
      Map<String, String> fields = new HashMap<>();
      Matcher inputs = INPUT.matcher(text);
      while (inputs.find()) {
        String input = inputs.group();
        first(NAME, input).ifPresent(n -> fields.put(n, first(VALUE, input).orElse("")));
      }
      return fields;
    }

    private static Optional<String> first(Pattern pattern, String text) {
      Matcher matcher = pattern.matcher(text);
      return matcher.find()
          ? Optional.of(matcher.group(1).replace("&amp;", "&"))
          : Optional.empty();
    }
  }
}
