package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The wire of W3C WebDriver: a chromedriver process of our own on a free port, and one session with
 * it. Blocks; one thread at a time.
 */
final class WebDriver implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern LISTENS = Pattern.compile("started successfully on port (\\d+)");

  private final Process process;
  private final HttpClient http;
  private final URI session;

  private WebDriver(Process process, HttpClient http, URI session) {
    this.process = process;
    this.http = http;
    this.session = session;
  }

  /** Starts the driver, which starts the browser; both keep what they write in the folder. */
  static WebDriver start(Path program, Path folder, JsonObject capabilities) {
    Path output = folder.resolve("chromedriver.out");
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    Process process = launch(program, folder, output);
    try {
      URI driver = URI.create("http://127.0.0.1:" + port(process, output));
      var wanted =
          new JsonObject().put("capabilities", new JsonObject().put("alwaysMatch", capabilities));
      Object value = send(http, "POST", driver.resolve("/session"), wanted);
      if (!(value instanceof JsonObject created)) {
        throw new AssertionError("no session: " + value);
      }
      String id = created.getString("sessionId");
      return new WebDriver(process, http, driver.resolve("/session/" + id));
    } catch (RuntimeException | Error e) {
      end(process);
      throw e;
    }
  }

  /** A command without parameters that asks for something. */
  @Nullable Object get(String path) {
    return send(http, "GET", URI.create(session + path), null);
  }

  /** A command that does something. */
  @Nullable Object post(String path, JsonObject parameters) {
    return send(http, "POST", URI.create(session + path), parameters);
  }

  /** Ends the session with its browser, then the driver, and whatever is left of them. */
  @Override
  public void close() {
    List<ProcessHandle> family = process.descendants().toList();
    try {
      send(http, "DELETE", session, null);
    } catch (Refused | AssertionError gone) {
      // It is ended below in any case.
    }
    end(process);
    family.forEach(ProcessHandle::destroyForcibly);
    http.shutdownNow();
  }

  private static Process launch(Path program, Path folder, Path output) {
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), "--port=0")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // Nothing of the person's own who runs the tests.
    builder.environment().put("HOME", folder.toString());
    builder.environment().keySet().removeIf(name -> name.matches("XDG_.*|DBUS_.*|.*_proxy"));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(Process process, Path output) {
    AtomicReference<String> port = new AtomicReference<>("");
    Await.until(
        () -> {
          Matcher matcher = LISTENS.matcher(text(output));
          if (matcher.find()) {
            port.set(matcher.group(1));
            return true;
          }
          if (!process.isAlive()) {
            throw new AssertionError("chromedriver ended at once: " + text(output));
          }
          return false;
        },
        START,
        () -> "chromedriver listens; it says " + text(output));
    return Integer.parseInt(port.get());
  }

  private static String text(Path output) {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object send(
      HttpClient http, String method, URI target, @Nullable JsonObject body) {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      Object value = new JsonObject(answer.body()).getValue("value");
      if (answer.statusCode() != 200) {
        throw new Refused(value instanceof JsonObject why ? why : new JsonObject());
      }
      return value;
    } catch (IOException e) {
      throw new AssertionError("chromedriver does not answer " + method + " " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The browser says no: an element is not there, is covered, has gone. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(JsonObject why) {
      super(why.getString("error") + ": " + why.getString("message"), null, false, true);
    }
  }
}
