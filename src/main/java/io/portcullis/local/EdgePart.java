package io.portcullis.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Nginx in the foreground, with the configuration that {@link EdgeConfiguration} keeps. */
final class EdgePart implements LocalPart {
  private final EdgePrograms programs;
  private final EdgeConfiguration configuration;
  private final int httpsPort;

  EdgePart(EdgePrograms programs, EdgeConfiguration configuration, int httpsPort) {
    this.programs = programs;
    this.configuration = configuration;
    this.httpsPort = httpsPort;
  }

  @Override
  public Part part() {
    return Part.NGINX;
  }

  @Override
  public String title() {
    return "Nginx " + programs.version();
  }

  @Override
  public String address() {
    return "https://localhost:" + httpsPort;
  }

  @Override
  public void prepare(Consumer<String> state) {
    configuration.renew();
  }

  @Override
  public ProcessBuilder process() {
    Path file = configuration.current().resolve("nginx.conf");
    return new ProcessBuilder(
        programs.nginx().toString(),
        "-c",
        file.toString(),
        "-p",
        Folders.parent(file).toString(),
        "-g",
        "daemon off;");
  }

  /** Plain HTTP on the TLS port: Nginx says so itself, whoever stands behind it. */
  @Override
  public boolean ready(ProcessHandle process) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), httpsPort), 1000);
      socket.setSoTimeout(1000);
      byte[] request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(request);
      byte[] answer = socket.getInputStream().readNBytes(12);
      return new String(answer, StandardCharsets.ISO_8859_1).equals("HTTP/1.1 400");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Duration startLimit() {
    return Duration.ofSeconds(30);
  }
}
