package io.portcullis.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Debian's Chromium, headless, with an empty profile: what a person sees, types and clicks. Needs
 * the package chromium-driver; without it a test fails and says so. One thread at a time.
 *
 * <p>An element is named by a CSS selector, or by an XPath when that begins with {@code //}. Every
 * act waits, with a deadline, until its element is there and can be acted on.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(40);

  /** The name of an element's reference, fixed by the standard. */
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

  /** Root has no sandbox; a machine of tests has little shared memory and nobody to phone home. */
  private static final List<String> ARGUMENTS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-extensions",
          "--no-first-run",
          "--no-default-browser-check",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-breakpad",
          "--password-store=basic",
          "--window-size=1200,900",
          "--lang=en-US");

  private static final String FETCH =
      """
      const [path, options, done] = arguments;
      fetch(path, {redirect: 'manual', ...options})
        .then(async answer => done({
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          text: await answer.text()
        }))
        .catch(failure => done({status: 0, headers: {}, text: String(failure)}));
      """;

  private static final String ASKED =
      """
      const wanted = new RegExp(arguments[0]);
      return performance.getEntriesByType('resource')
        .filter(entry => wanted.test(entry.name) && entry.responseEnd > 0)
        .map(entry => performance.timeOrigin + entry.startTime)
        .pop();
      """;

  private final WebDriver driver;
  private final Path folder;

  private Browser(WebDriver driver, Path folder) {
    this.driver = driver;
    this.folder = folder;
  }

  /** Starts one. */
  public static Browser start() {
    Path program = program("chromedriver", "chromium-driver");
    Path chromium = program("chromium", "chromium");
    try {
      Path folder = Files.createTempDirectory("portcullis-browser");
      List<String> arguments = new ArrayList<>(ARGUMENTS);
      arguments.add("--user-data-dir=" + folder.resolve("profile"));
      var options =
          new JsonObject().put("binary", chromium.toString()).put("args", new JsonArray(arguments));
      var limits = new JsonObject().put("script", 30_000).put("pageLoad", 30_000);
      var capabilities =
          new JsonObject()
              .put("browserName", "chrome")
              .put("timeouts", limits)
              .put("goog:chromeOptions", options);
      return new Browser(WebDriver.start(program, folder, capabilities), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes to an address, as by typing it, and waits until the page is loaded. */
  public void open(URI address) {
    driver.post("/url", new JsonObject().put("url", address.toString()));
  }

  /** The address of the page. */
  public URI address() {
    return URI.create(String.valueOf(driver.get("/url")));
  }

  /** Waits until the address begins so. */
  public void awaitAddress(String beginning) {
    until("an address that begins with " + beginning, () -> here().startsWith(beginning));
  }

  /** Whether the page has such an element and shows it. */
  public boolean shows(String element) {
    try {
      return find(element).map(id -> driver.get(id + "/displayed")).equals(Optional.of(true));
    } catch (WebDriver.Refused gone) {
      return false;
    }
  }

  /** Waits until the page shows one of these elements. Gives the first that it shows. */
  public String awaitOneOf(String... elements) {
    return eventually(
        String.join(" or ", elements), () -> Stream.of(elements).filter(this::shows).findFirst());
  }

  /** The text of an element as shown. */
  public String text(String element) {
    return eventually(
        element, () -> find(element).map(id -> String.valueOf(driver.get(id + "/text"))));
  }

  /** Replaces what stands in a field. */
  public void type(String element, String text) {
    act(
        element,
        id -> {
          driver.post(id + "/clear", new JsonObject());
          driver.post(id + "/value", new JsonObject().put("text", text));
        });
  }

  /** Clicks, and waits for the page to which that leads, if it does. */
  public void click(String element) {
    act(element, id -> driver.post(id + "/click", new JsonObject()));
  }

  /**
   * What the page's own script would get from its server. Cookies go along as the browser sees fit.
   */
  public Fetched fetch(String method, String path, Map<String, String> headers) {
    var options = new JsonObject().put("method", method).put("headers", new JsonObject());
    headers.forEach(options.getJsonObject("headers")::put);
    Object value =
        driver.post(
            "/execute/async",
            new JsonObject()
                .put("script", FETCH)
                .put("args", new JsonArray().add(path).add(options)));
    if (!(value instanceof JsonObject answer)) {
      throw new AssertionError("no answer but " + value);
    }
    return new Fetched(
        answer.getInteger("status"), answer.getJsonObject("headers"), answer.getString("text"));
  }

  /**
   * When the page last asked for an address that matches this pattern, as epoch milliseconds; only
   * what was answered counts.
   */
  public long asked(String pattern) {
    var call = new JsonObject().put("script", ASKED).put("args", new JsonArray().add(pattern));
    return eventually(
        "a request for " + pattern,
        () ->
            driver.post("/execute/sync", call) instanceof Number moment
                ? Optional.of(moment.longValue())
                : Optional.empty());
  }

  /** The cookie that goes along to the page's address, also one that no script sees. */
  public Optional<Cookie> cookie(String name) {
    if (!(driver.get("/cookie") instanceof JsonArray cookies)) {
      return Optional.empty();
    }
    return cookies.stream()
        .map(JsonObject.class::cast)
        .filter(cookie -> name.equals(cookie.getString("name")))
        .map(Cookie::of)
        .findFirst();
  }

  /** Forgets all cookies, of all hosts. */
  public void forget() {
    develop("Network.clearBrowserCookies", new JsonObject());
  }

  /** Lets {@link #fetch} ask whatever the page's {@code Content-Security-Policy} says. */
  public void ignorePolicies() {
    develop("Page.setBypassCSP", new JsonObject().put("enabled", true));
  }

  /** Waits until something holds. */
  public void until(String what, Supplier<Boolean> condition) {
    eventually(what, () -> condition.get() ? Optional.of(true) : Optional.empty());
  }

  @Override
  public void close() {
    driver.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void act(String element, java.util.function.Consumer<String> action) {
    eventually(
        element,
        () ->
            find(element)
                .map(
                    id -> {
                      action.accept(id);
                      return id;
                    }));
  }

  /** A command of Chromium's own protocol for developers. */
  private void develop(String command, JsonObject parameters) {
    driver.post(
        "/goog/cdp/execute", new JsonObject().put("cmd", command).put("params", parameters));
  }

  private Optional<String> find(String element) {
    var how =
        new JsonObject()
            .put("using", element.startsWith("//") ? "xpath" : "css selector")
            .put("value", element);
    // The plural: nothing found is an empty list and no error with a stack of the driver's own.
    if (driver.post("/elements", how) instanceof JsonArray found && !found.isEmpty()) {
      return Optional.of("/element/" + found.getJsonObject(0).getString(ELEMENT));
    }
    return Optional.empty();
  }

  private <T> T eventually(String what, Supplier<Optional<T>> look) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      try {
        Optional<T> found = look.get();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (WebDriver.Refused notNow) {
        last = String.valueOf(notNow.getMessage());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    throw new AssertionError("not there: " + what + ". " + last + "\nThe page: " + page());
  }

  /** Where we are, for a failure's message. */
  private String page() {
    try {
      return here() + "\n" + find("body").map(id -> driver.get(id + "/text")).orElse("");
    } catch (WebDriver.Refused e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String here() {
    return String.valueOf(driver.get("/url"));
  }

  private static Path program(String name, String debianPackage) {
    Path path = Path.of("/usr/bin", name);
    if (!Files.isExecutable(path)) {
      throw new AssertionError(path + " is missing: install Debian's package " + debianPackage);
    }
    return path;
  }

  /** What a script of the page got. Status 0: the browser did not let it. */
  public record Fetched(int status, JsonObject headers, String text) {
    /** The body as JSON. */
    public JsonObject json() {
      return new JsonObject(text);
    }
  }

  /** A cookie as the browser keeps it. */
  public record Cookie(
      String name, String value, String path, boolean secure, boolean httpOnly, String sameSite) {
    static Cookie of(JsonObject cookie) {
      return new Cookie(
          cookie.getString("name"),
          cookie.getString("value"),
          cookie.getString("path"),
          cookie.getBoolean("secure"),
          cookie.getBoolean("httpOnly"),
          cookie.getString("sameSite", ""));
    }
  }
}
