package io.pgha.resource;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.pgha.plan.FileDiff;
import java.util.List;

/** Renders how a file would change. */
final class Diffs {
    private static final int CONTEXT = 2;

    private Diffs() {}

    static FileDiff unified(String path, String before, String after) {
        List<String> old = before.lines().toList();
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(
                path, path, old, DiffUtils.diff(old, after.lines().toList()), CONTEXT);
        return new FileDiff(path, String.join("\n", lines));
    }

    static FileDiff hidden(String path) {
        return new FileDiff(path, path + ": the content holds secrets and is not shown");
    }
}
