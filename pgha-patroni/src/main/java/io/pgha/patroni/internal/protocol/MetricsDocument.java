package io.pgha.patroni.internal.protocol;

import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.view.Metrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads Prometheus' text format as Patroni's versions write it. Stateless. */
public final class MetricsDocument {
    /** Before 3.3.11, 4.0.10 and 4.1.4 one line had a blank before its labels. */
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)[ \\t]*(?:\\{(.*)\\})?[ \\t]+([^ \\t{}]+)(?:[ \\t]+-?\\d+)?[ \\t]*");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([n\"\\\\])");
    private static final Pattern LABEL =
            Pattern.compile("\\G[ \\t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \\t]*=[ \\t]*\"((?:[^\"\\\\]|\\\\.)*+)\"[ \\t]*,?");

    private static final int LONGEST_LINE = 4096;

    private MetricsDocument() {}

    public static Metrics read(String member, String body) throws BadAnswerException {
        List<Metrics.Sample> samples = new ArrayList<>();
        for (String line : body.split("\\R", -1)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            samples.add(sample(line));
        }
        if (samples.stream().noneMatch(sample -> sample.name().startsWith("patroni_"))) {
            throw new BadAnswerException("it has no metric of Patroni");
        }
        return new Metrics(member, samples);
    }

    private static Metrics.Sample sample(String line) throws BadAnswerException {
        Matcher matcher = SAMPLE.matcher(line);
        if (line.length() > LONGEST_LINE || !matcher.matches()) {
            throw new BadAnswerException("a line is no metric");
        }
        return new Metrics.Sample(matcher.group(1), labels(matcher.group(2)), number(matcher.group(3)));
    }

    private static Map<String, String> labels(@Nullable String text) throws BadAnswerException {
        Map<String, String> labels = new LinkedHashMap<>();
        if (text == null) {
            return labels;
        }
        Matcher matcher = LABEL.matcher(text);
        int end = 0;
        while (matcher.find()) {
            labels.put(matcher.group(1), unescaped(matcher.group(2)));
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new BadAnswerException("a metric's labels cannot be read");
        }
        return labels;
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> escape.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(escape.group(1)));
    }

    private static double number(String text) throws BadAnswerException {
        return switch (text) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw new BadAnswerException("a metric is no number");
                }
            }
        };
    }
}
