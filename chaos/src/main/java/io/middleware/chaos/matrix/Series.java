package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.Stack;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plays rows one after the other, whatever becomes of each.
 *
 * @param putBack after a row that failed, so that it does not spoil the next; fails where not all runs again
 */
record Series(Player player, Runnable putBack) {

    interface Player {
        Result play(Fault fault) throws InterruptedException;
    }

    /** @param told of each row at once */
    List<Row> play(List<Fault> faults, Consumer<Row> told) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        String spoilt = "";
        for (Fault fault : faults) {
            Row row = spoilt.isEmpty() ? row(fault) : new NotRun(fault, true, spoilt);
            if (row instanceof NotRun && spoilt.isEmpty()) {
                spoilt = clear();
            }
            rows.add(row);
            told.accept(row);
        }
        return rows;
    }

    private Row row(Fault fault) throws InterruptedException {
        try {
            return player.play(fault);
        } catch (Stack.NotPossibleException impossible) {
            return new NotRun(fault, false, impossible.getMessage());
        } catch (UncheckedIOException otherEndGone) {
            throw otherEndGone;
        } catch (RuntimeException failed) {
            return new NotRun(fault, true, String.valueOf(failed.getMessage()));
        }
    }

    /** Why nothing can be played any more; empty when it can. */
    private String clear() {
        try {
            putBack.run();
            return "";
        } catch (Stack.StackException failed) {
            return failed.getMessage();
        }
    }
}
