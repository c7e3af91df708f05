package io.portcullis.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

final class LoggingTest {
  @Test
  void encode_fieldsOfAnEvent_areMembersOfTheLine() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logging.FieldsEncoder encoder = new Logging.FieldsEncoder();
    encoder.setContext(context);
    encoder.start();
    LoggingEvent event =
        new LoggingEvent("x", context.getLogger("a"), Level.INFO, "it \"happened\"", null, null);
    event.addKeyValuePair(new KeyValuePair("event.action", "a \"quoted\"\nvalue"));
    event.addKeyValuePair(new KeyValuePair("server.port", 8080));
    JsonObject line = new JsonObject(new String(encoder.encode(event), StandardCharsets.UTF_8));
    assertEquals("a \"quoted\"\nvalue", line.getString("event.action"));
    assertEquals(8080, line.getInteger("server.port"));
    assertEquals("it \"happened\"", line.getString("message"));
  }
}
