package io.pgha.internal;

import io.pgha.plan.Impact;
import io.pgha.plan.Lane;
import io.pgha.plan.Plan;
import io.pgha.plan.Stage;
import io.pgha.plan.Step;
import io.pgha.text.Count;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a plan as one would explain it aloud: stages, and below each the steps, nodes with the same step together. */
final class PlanText {
    private PlanText() {}

    static String summary(Plan plan) {
        return render(plan, false);
    }

    static String details(Plan plan) {
        return render(plan, true);
    }

    private static String render(Plan plan, boolean diffs) {
        if (plan.isEmpty()) {
            return plan.cluster() + ": nothing to do, 0 changes";
        }
        StringBuilder text = new StringBuilder();
        text.append(plan.cluster())
                .append(": ")
                .append(Count.of(plan.steps().size(), "change"))
                .append(" in ")
                .append(Count.of(plan.stages().size(), "stage"))
                .append(", impact ")
                .append(words(plan.impact()));
        plan.closed()
                .ifPresent(closure -> text.append("\nMaintenance is ")
                        .append(closure)
                        .append(": refused until then, unless overridden"));
        plan.stages().forEach(stage -> append(text, stage, diffs));
        return text.toString();
    }

    private static void append(StringBuilder text, Stage stage, boolean diffs) {
        text.append("\n\n")
                .append(stage.phase())
                .append("  ")
                .append(stage.title())
                .append("  (")
                .append(stage.order())
                .append(')');
        Map<String, List<Step>> alike = stage.lanes().stream()
                .flatMap(PlanText::steps)
                .collect(Collectors.groupingBy(PlanText::line, LinkedHashMap::new, Collectors.toList()));
        alike.forEach((line, steps) -> {
            text.append("\n  ").append(line).append("  [");
            text.append(steps.stream().map(Step::node).collect(Collectors.joining(", ")))
                    .append(']');
            if (diffs) {
                steps.forEach(step -> step.diff()
                        .ifPresent(diff -> text.append("\n      ")
                                .append(step.node())
                                .append(":\n      ")
                                .append(diff.toString().replace("\n", "\n      "))));
            }
        });
    }

    private static java.util.stream.Stream<Step> steps(Lane lane) {
        return lane.steps().stream();
    }

    private static String line(Step step) {
        String impact = step.impact() == Impact.NONE ? "" : "  {" + words(step.impact()) + "}";
        return "- " + step.title() + ": " + step.reason() + impact;
    }

    private static String words(Impact impact) {
        return impact.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
