package io.portcullis.command;

import io.portcullis.audit.AuditTail.Line;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How entries of the trail are printed. */
final class LineForm {
  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "text",
      converter = FormConverter.class,
      description = {
        "text: for people; json: the entry, its number and its hash;",
        "ecs: JSON with ECS field names, for a store of logs (default: ${DEFAULT-VALUE})."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  private Form form;

  @Option(names = "--json", description = "Short for --output json.")
  private boolean json;

  /** The forms by the names that are typed. */
  enum Form {
    TEXT,
    JSON,
    ECS
  }

  /** Names are typed in lower case. */
  static final class FormConverter implements ITypeConverter<Form> {
    @Override
    public Form convert(String name) {
      for (Form form : Form.values()) {
        if (form.name().toLowerCase(Locale.ROOT).equals(name)) {
          return form;
        }
      }
      throw new TypeConversionException("expected text, json or ecs: " + name);
    }
  }

  Function<Line, String> lines() {
    return switch (json ? Form.JSON : form) {
      case TEXT -> Line::readable;
      case JSON -> Line::json;
      case ECS -> Line::ecs;
    };
  }
}
