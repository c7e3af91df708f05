package io.portcullis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portcullis.command.AuditCommand;
import io.portcullis.command.RevokeCommand;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Two real nodes with state of their own, a service behind them that the test plays ({@code
 * /up/events} is a stream that never ends, {@code /up/slow} says nothing), an operator, and the
 * commands.
 */
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class Revoking implements AutoCloseable {
  static final String DATABASE = "7";

  private final Vertx vertx = Vertx.vertx();
  private final Path file;
  private final Path commands;
  final LocalSystem system = TestSystem.shared();
  final TestNode one;
  TestNode two;

  Revoking() throws IOException {
    HttpServer service =
        Await.value(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    Path folder = TestSystem.scratch("revoking");
    file = nodes(folder, service.actualPort());
    commands = commands(folder, system.environment());
    one = node("revoking-1");
    two = node("revoking-2");
  }

  private TestNode node(String name) {
    return TestNode.start(file, name, "STATE_DATABASE", DATABASE, "REDIS_DATABASE", "8");
  }

  void restartTwo() {
    two.close();
    two = node("revoking-2");
  }

  @Override
  public void close() {
    two.close();
    one.close();
    Await.value(vertx.close());
  }

  /** The management listener of a node, for somebody with a token. */
  Api admin(TestNode node, String token) {
    return new Api(
        URI.create("http://127.0.0.1:" + node.node.managementPort()), Optional.of(token));
  }

  /** A request that is begun and not read. */
  RawHttp begin(TestNode node, String path, String token) throws IOException {
    RawHttp connection = new RawHttp(node.node.httpPort());
    connection.send(
        "GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    return connection;
  }

  /** What a command printed and how it ended. */
  record Ran(int exitCode, String out, String err) {}

  Ran revoke(String... arguments) {
    return run(new RevokeCommand(), arguments);
  }

  Ran audit(String... arguments) {
    return run(new AuditCommand(), arguments);
  }

  private Ran run(Object command, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = commands.toString();
    int exitCode =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** Runs a command in the Redis of all; gives the first line of its answer. */
  String redis(String command) {
    Map<String, String> environment = system.environment();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), system.ports().redis())) {
      socket.setSoTimeout(5_000);
      String hello =
          "AUTH "
              + environment.get("PORTCULLIS_REDIS_USERNAME")
              + " "
              + environment.get("PORTCULLIS_REDIS_PASSWORD")
              + "\r\nSELECT "
              + DATABASE
              + "\r\n"
              + command
              + "\r\n";
      socket.getOutputStream().write(hello.getBytes(US_ASCII));
      StringBuilder text = new StringBuilder();
      for (int lines = 0; lines < 3; ) {
        int c = socket.getInputStream().read();
        if (c < 0) {
          throw new AssertionError("Redis closed the connection after: " + text);
        }
        text.append((char) c);
        lines += c == '\n' ? 1 : 0;
      }
      return text.toString().lines().toList().get(2);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String claim(String token, String name) {
    byte[] claims = java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new JsonObject(io.vertx.core.buffer.Buffer.buffer(claims)).getString(name);
  }

  private void serve(HttpServerRequest request) {
    if (request.path().equals("/up/events")) {
      var unused =
          request
              .response()
              .setChunked(true)
              .putHeader("content-type", "text/event-stream")
              .write("data: 0\n\n");
    }
  }

  private static Path nodes(Path folder, int port) throws IOException {
    String upstream = "upstreams:\n  up:\n    url: http://127.0.0.1:%d\n".formatted(port);
    String route =
        """

          - name: up
            path: /up/*
            methods: [GET]
            upstream: up
            access: caller
        """;
    return Files.writeString(
        folder.resolve("nodes.yaml"), shipped("upstreams: {}\n", upstream) + route);
  }

  /** The parts' addresses and passwords, which a command would have from its environment. */
  private static Path commands(Path folder, Map<String, String> environment) throws IOException {
    String redis =
        "username: %s\n  password: %s"
            .formatted(
                environment.get("PORTCULLIS_REDIS_USERNAME"),
                environment.get("PORTCULLIS_REDIS_PASSWORD"));
    String text =
        shipped("port: 15432", "port: " + environment.get("PORTCULLIS_POSTGRES_PORT"))
            .replace("port: 16379", "port: " + environment.get("PORTCULLIS_REDIS_PORT"))
            .replace("username: \"\"", redis)
            .replace("database: 1\n", "database: " + DATABASE + "\n");
    for (String user : new String[] {"app", "platform", "admin"}) {
      String password =
          environment.get(
              "PORTCULLIS_POSTGRES_" + user.toUpperCase(java.util.Locale.ROOT) + "_PASSWORD");
      text = text.replace("user: pc_" + user, "user: pc_" + user + "\n    password: " + password);
    }
    return Files.writeString(folder.resolve("commands.yaml"), text);
  }

  private static String shipped(String text, String replacement) throws IOException {
    String shipped = Files.readString(Path.of("conf/portcullis.yaml"));
    if (!shipped.contains(text)) {
      throw new AssertionError("conf/portcullis.yaml has changed");
    }
    return shipped.replace(text, replacement);
  }
}
