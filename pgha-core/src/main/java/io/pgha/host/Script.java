package io.pgha.host;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A script, or a file in another language, written as a template: <code>{{name}}</code> stands for a value, which is
 * quoted as the language wants it. All places are filled in one pass, so that no value is ever read as a template,
 * whatever it holds.
 *
 * <pre>{@code
 * Script.of("mv {{data}} {{data}}.before").value("data", path).render()
 * }</pre>
 *
 * <p>Every place has a value and every value a place: anything else is a mistake of whoever wrote the template, and
 * said at once. Confined to one thread; no I/O.
 */
public final class Script {
    /** An opening that names nothing is found, too. */
    private static final Pattern PLACE = Pattern.compile("\\{\\{(?:([a-z][A-Za-z0-9]*)\\}\\})?");

    private final String template;
    private final UnaryOperator<String> quoting;
    private final Map<String, String> values = new HashMap<>();

    private Script(String template, UnaryOperator<String> quoting) {
        this.template = template;
        this.quoting = quoting;
    }

    /**
     * Returns a script of POSIX {@code sh}, whose values are quoted by {@link ShellQuote}.
     *
     * @param template the source; a place must not stand within quotes, unless it is that of a number or of a part
     * @return the script, with all places to fill
     */
    public static Script of(String template) {
        return new Script(template, ShellQuote::quote);
    }

    /**
     * Returns a file in a language of its own.
     *
     * @param template the text
     * @param quoting makes one word of that language of any value, or refuses it
     * @return the file, with all places to fill
     */
    public static Script file(String template, UnaryOperator<String> quoting) {
        return new Script(template, quoting);
    }

    /**
     * Fills a place with a value.
     *
     * @param name the place's name
     * @param value any text; it is quoted
     * @return this script
     * @throws IllegalArgumentException where the name has been given before, or the language cannot hold the value
     */
    public Script value(String name, String value) {
        return part(name, quoting.apply(value));
    }

    /**
     * Fills a place with a number, which needs no quotes and may stand within some.
     *
     * @param name the place's name
     * @param value the number
     * @return this script
     * @throws IllegalArgumentException where the name has been given before
     */
    public Script value(String name, long value) {
        return part(name, Long.toString(value));
    }

    /**
     * Fills a place with values that are separated by blanks.
     *
     * @param name the place's name
     * @param words any texts; each is quoted
     * @return this script
     * @throws IllegalArgumentException where the name has been given before, or the language cannot hold one of them
     */
    public Script words(String name, Collection<String> words) {
        return part(name, words.stream().map(quoting).collect(Collectors.joining(" ")));
    }

    /**
     * Fills a place with source of the same language, which goes in as it is.
     *
     * @param name the place's name
     * @param source the source; values in it are quoted already
     * @return this script
     * @throws IllegalArgumentException where the name has been given before
     */
    public Script part(String name, String source) {
        if (values.putIfAbsent(name, source) != null) {
            throw new IllegalArgumentException("{{" + name + "}} was given twice");
        }
        return this;
    }

    /**
     * Returns the text with all places filled.
     *
     * @return the text
     * @throws IllegalArgumentException where a place has no value, a value no place, or two opening braces name no
     *     place
     */
    public String render() {
        Set<String> unused = new HashSet<>(values.keySet());
        Set<String> missing = new TreeSet<>();
        String text = PLACE.matcher(template).replaceAll(place -> {
            String name = place.group(1);
            String value = name == null ? null : values.get(name);
            if (value == null) {
                missing.add(template.substring(place.start(), Math.min(template.length(), place.start() + 20)));
                return "";
            }
            unused.remove(name);
            return Matcher.quoteReplacement(value);
        });
        if (!missing.isEmpty() || !unused.isEmpty()) {
            throw new IllegalArgumentException("Places without a value: " + missing + ", values without a place: "
                    + new TreeSet<>(unused) + ", in the template:\n" + template);
        }
        return text;
    }
}
