package io.middleware.chaos.matrix;

import java.util.List;

/**
 * What the matrix measured.
 *
 * @param normal      the run without a fault
 * @param differences in which ways the stack differs from the usual one, on which the goals depend
 */
record MatrixReport(Result normal, List<? extends Row> rows, List<String> differences) {

    String markdown() {
        return new MarkdownTable(this).text();
    }

    /** Returns one row of {@link #markdown}. */
    String row(Row row) {
        return new MarkdownTable(this).row(row);
    }

    String json() {
        return new JsonReport(this).text();
    }
}
