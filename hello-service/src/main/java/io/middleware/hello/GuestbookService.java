package io.middleware.hello;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookImplBase;
import io.middleware.hello.v1.ListReply;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Service;

/** A signature is in the book before the caller hears of it, so what was answered can be counted there. */
@Service
final class GuestbookService extends GuestbookImplBase {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_MESSAGE = 1_000;
    private static final int MOST = 10_000;
    private static final int USUAL = 100;

    private final Work work;
    private final Guestbook book;
    private final InstantSource clock;

    @Autowired
    GuestbookService(Work work, HelloProperties properties) {
        this(work, new Guestbook(properties.guestbook()), InstantSource.system());
    }

    GuestbookService(Work work, Guestbook book, InstantSource clock) {
        this.work = work;
        this.book = book;
        this.clock = clock;
    }

    @Override
    public void sign(SignRequest request, StreamObserver<Signature> replies) {
        require(!request.getName().isEmpty(), "name", LONGEST_NAME, request.getName(), "1");
        require(true, "message", LONGEST_MESSAGE, request.getMessage(), "0");
        Signature signature = work.during(() -> {
            Signature signed = Signature.newBuilder()
                    .setName(request.getName())
                    .setMessage(request.getMessage())
                    .setCallId(CallIds.current())
                    .setSignedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString())
                    .build();
            try {
                book.append(signed);
            } catch (UncheckedIOException unwritten) {
                throw Status.INTERNAL
                        .withDescription("not signed: " + unwritten.getMessage() + ": "
                                + unwritten.getCause().getMessage())
                        .asRuntimeException();
            }
            return signed;
        });
        replies.onNext(signature);
        replies.onCompleted();
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListReply> replies) {
        int most = request.getMost();
        if (most < 0 || most > MOST) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("most: expected 0 to " + MOST + ", was " + most)
                    .asRuntimeException();
        }
        replies.onNext(ListReply.newBuilder()
                .addAllSignatures(book.last(most == 0 ? USUAL : most))
                .build());
        replies.onCompleted();
    }

    private static void require(boolean right, String field, int longest, String text, String least) {
        if (!right || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(field + ": expected " + least + " to " + longest
                            + " characters, none of them a control character")
                    .asRuntimeException();
        }
    }
}
