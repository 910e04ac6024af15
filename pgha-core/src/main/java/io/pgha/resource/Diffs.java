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

    /** A secret that changes is seen to change; the value on the host may be one that nobody here knows. */
    static FileDiff masked(String path, String before, String after, FileMask mask) {
        SecretChanges secrets = new SecretChanges();
        String found = mask.masked(before, after, secrets.before());
        String wanted = mask.masked(after, after, secrets.after());
        return found.equals(wanted)
                ? new FileDiff(path, path + ": differs in comments, in its layout or in what is never shown")
                : unified(path, found, wanted);
    }

    static FileDiff hidden(String path) {
        return new FileDiff(path, path + ": the content holds secrets and is not shown");
    }
}
