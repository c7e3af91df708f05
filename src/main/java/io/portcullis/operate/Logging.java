package io.portcullis.operate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import co.elastic.logging.JsonUtils;
import co.elastic.logging.logback.EcsEncoder;
import io.portcullis.config.LogConfig;
import io.portcullis.config.NodeConfig;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Logs go to standard output: one JSON object a line with ECS field names, or readable lines on a
 * developer's machine. Set up from the configuration, so that there is one file to look into.
 */
public final class Logging {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg %kvp%n%ex";

  private Logging() {}

  /** Replaces whatever logging there was. */
  public static void configure(LogConfig config, NodeConfig node) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setEncoder("ecs".equals(config.format()) ? ecs(context, node) : text(context));
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(config.level(), Level.INFO));
    root.addAppender(appender);
    // Libraries that tell more than an operator wants to know.
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger("org.flywaydb").setLevel(Level.WARN);
    context.getLogger("io.micrometer").setLevel(Level.ERROR);
    context.getLogger("io.vertx.sqlclient").setLevel(Level.ERROR);
  }

  static Encoder<ILoggingEvent> ecs(LoggerContext context, NodeConfig node) {
    EcsEncoder encoder = new FieldsEncoder();
    encoder.setContext(context);
    encoder.setServiceName("portcullis");
    encoder.setServiceNodeName(node.name());
    encoder.setServiceEnvironment(node.environment());
    encoder.setEventDataset("portcullis.log");
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }

  /** The library writes no key-value pairs; they are what our events are made of. */
  static final class FieldsEncoder extends EcsEncoder {
    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder json) {
      List<KeyValuePair> fields = event.getKeyValuePairs();
      if (fields == null) {
        return;
      }
      for (KeyValuePair field : fields) {
        json.append('"');
        JsonUtils.quoteAsString(field.key, json);
        json.append("\":");
        if (field.value instanceof Integer || field.value instanceof Long) {
          json.append(field.value).append(',');
        } else {
          json.append('"');
          JsonUtils.quoteAsString(String.valueOf(field.value), json);
          json.append("\",");
        }
      }
    }
  }
}
