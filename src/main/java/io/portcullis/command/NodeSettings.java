package io.portcullis.command;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The configuration of a command that talks to a running system. While {@code up} runs, the
 * generated passwords and the ports of its parts lie in a file that only its owner can read, and
 * commands on the default configuration find the system by it; the environment of the command goes
 * before it.
 */
final class NodeSettings {
  private static final Path SHIPPED = Path.of("conf/portcullis.yaml");

  private NodeSettings() {}

  /** Reads the configuration, with the local system's settings under the environment's. */
  static PortcullisConfig load(Path file) {
    return ConfigLoader.load(found(file), environment(file));
  }

  /** The shipped file is found from every folder. */
  static Path found(Path file) {
    return file.equals(SHIPPED) && !Files.exists(file) ? Home.root().resolve(SHIPPED) : file;
  }

  /** Remembers how a node of the running local system is configured. */
  static void remember(Map<String, String> environment) {
    Properties properties = new Properties();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("PORTCULLIS_")) {
            properties.setProperty(name, value);
          }
        });
    try {
      Files.deleteIfExists(file());
      Files.createFile(
          file(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      StringWriter writer = new StringWriter();
      properties.store(writer, "The running local system; gone when it stops");
      Files.writeString(file(), writer.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The local system has stopped. */
  static void forget() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> environment(Path config) {
    Map<String, String> environment = new HashMap<>();
    if (config.equals(SHIPPED) && Files.isReadable(file())) {
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file())) {
        properties.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      properties
          .stringPropertyNames()
          .forEach(name -> environment.put(name, properties.getProperty(name)));
    }
    environment.putAll(System.getenv());
    return environment;
  }

  private static Path file() {
    return Home.state().resolve("node.properties");
  }
}
