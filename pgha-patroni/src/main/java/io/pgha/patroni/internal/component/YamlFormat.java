package io.pgha.patroni.internal.component;

import java.util.Objects;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Represent;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Writes YAML that PyYAML, with which Patroni reads it, reads back as it was: what could be taken there for something
 * else than text is quoted, and what is not printable is escaped. Stateless.
 */
final class YamlFormat {
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
    /**
     * The value key of YAML 1.1, numbers with base, exponent or sixties, and dates; addresses have more dots than
     * numbers.
     */
    private static final Pattern NO_TEXT = Pattern.compile(
            "=|[-+._0-9][-+_0-9e:]*(\\.[-+_0-9e:]*)?|[-+]?0[xbo][0-9a-f_]*|[0-9]{4}-[0-9].*|[-+]?\\.(inf|nan)",
            Pattern.CASE_INSENSITIVE);

    private YamlFormat() {}

    static String dump(Object tree) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setAllowUnicode(false);
        options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
        options.setSplitLines(false);
        return new Yaml(new Text(options), options).dump(tree);
    }

    private static final class Text extends Representer {
        Text(DumperOptions options) {
            super(options);
            Represent usual = Objects.requireNonNull(representers.get(String.class), "SnakeYAML represents text");
            representers.put(String.class, value -> {
                String text = (String) value;
                if (!PRINTABLE.matcher(text).matches()) {
                    return representScalar(Tag.STR, text, ScalarStyle.DOUBLE_QUOTED);
                }
                return NO_TEXT.matcher(text).matches()
                        ? representScalar(Tag.STR, text, ScalarStyle.SINGLE_QUOTED)
                        : usual.representData(text);
            });
        }
    }
}
