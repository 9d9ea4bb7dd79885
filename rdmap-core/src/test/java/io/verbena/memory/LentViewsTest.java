package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Lent views")
class LentViewsTest {
    private final MemoryTranslationProtectionTable table = Regions.table();
    private final ViewLender lender = new ViewLender(2);
    private final MemoryCursor cursor = new MemoryCursor();

    @Test
    void severalListsShowTheSameMemoryAtDifferentPlaces() {
        TableEntry region = Regions.region(table, 100);
        LentViews first = new LentViews(lender, 4);
        LentViews second = new LentViews(lender, 4);
        show(region, 10, 20, first);
        show(region, 15, 40, second);
        assertThat(first.view(0).position()).isEqualTo(10);
        assertThat(first.view(0).limit()).isEqualTo(30);
        assertThat(second.view(0).position()).isEqualTo(15);
        assertThat(second.view(0).remaining()).isEqualTo(40);
        assertThat(first.region(0)).isSameAs(region);
    }

    @Test
    void viewsThatCameBackAreLentAgain() {
        TableEntry region = Regions.region(table, 100);
        LentViews views = new LentViews(lender, 4);
        show(region, 0, 10, views);
        ByteBuffer before = views.view(0);
        before.position(10);
        views.giveBackAll();
        assertThat(views.count()).isZero();
        assertThat(views.room()).isEqualTo(4);
        show(region, 50, 50, views);
        assertThat(views.view(0)).isSameAs(before);
        assertThat(views.view(0).position()).isEqualTo(50);
        assertThat(views.view(0).limit()).isEqualTo(100);
    }

    @Test
    void eachLoopHasItsOwnViews() {
        Backing backing = new Backing(ByteBuffer.allocate(8));
        ViewLender other = new ViewLender(0);
        ByteBuffer mine = lender.lend(backing);
        lender.giveBack(backing, mine);
        assertThat(other.lend(backing)).isNotSameAs(mine);
        assertThat(lender.lend(backing)).isSameAs(mine);
    }

    @Test
    void freeViewsAreBounded() {
        Backing backing = new Backing(ByteBuffer.allocate(8));
        int more = ViewStack.MAX_FREE + 10;
        List<ByteBuffer> lent = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            lent.add(lender.lend(backing));
        }
        lent.forEach(view -> lender.giveBack(backing, view));
        assertThat(backing.viewsOf(2).count()).isEqualTo(ViewStack.MAX_FREE);
    }

    @Test
    void stopsAtTheBuffersAndOctetsWanted() {
        List<ByteBuffer> buffers = List.of(ByteBuffer.allocate(10), ByteBuffer.allocate(10), ByteBuffer.allocate(10));
        TableEntry region = table.register(Regions.DOMAIN, buffers, Regions.READ_WRITE);
        LentViews views = new LentViews(lender, 3);
        cursor.reset(region, region.startAddress() + 5, 25);
        assertThat(cursor.views(views, 2, 100)).isEqualTo(2);
        assertThat(cursor.views(views, 2, 100)).as("room for one more").isEqualTo(1);
        assertThat(views.view(2).remaining()).isEqualTo(5);
        views.giveBackAll();
        assertThat(cursor.views(views, 3, 7)).isEqualTo(2);
        assertThat(views.view(1).remaining()).isEqualTo(2);
        assertThatThrownBy(() -> views.view(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void pinsAllOrNone() {
        TableEntry stays = Regions.region(table, 10);
        TableEntry goes = Regions.region(table, 10);
        LentViews views = new LentViews(lender, 4);
        show(stays, 0, 5, views);
        show(stays, 5, 5, views);
        show(goes, 0, 5, views);
        assertThat(views.pinAll()).isNull();
        views.unpinAll();

        table.deregister(goes);
        assertThat(views.pinAll()).isSameAs(goes);
        // It would not return if a pin were left.
        table.deregister(stays);
        assertThat(views.pinAll()).isSameAs(stays);
    }

    @Test
    void theLastViewsCanBeGivenBackAlone() {
        TableEntry region = Regions.region(table, 100);
        LentViews views = new LentViews(lender, 4);
        show(region, 0, 10, views);
        show(region, 20, 10, views);
        ByteBuffer second = views.view(1);
        views.giveBackFrom(1);
        assertThat(views.count()).isEqualTo(1);
        show(region, 40, 10, views);
        assertThat(views.view(0).position()).isZero();
        assertThat(views.view(1)).isSameAs(second);
        assertThat(views.view(1).position()).isEqualTo(40);
    }

    @Test
    void cursorRefusesToGoBeyondItsRange() {
        TableEntry region = Regions.region(table, 10);
        ByteBuffer scratch = ByteBuffer.allocate(20);
        cursor.reset(region, region.startAddress(), 8);
        assertThatThrownBy(() -> cursor.copyIn(scratch, 0, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.copyOut(scratch, 0, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cursor.advance(9)).isInstanceOf(IllegalArgumentException.class);
        cursor.advance(8);
        assertThat(cursor.remaining()).isZero();
        assertThat(cursor.entry()).isSameAs(region);
        cursor.clear();
        assertThat(cursor.entry()).isNull();
    }

    private void show(TableEntry region, long offset, long length, LentViews views) {
        cursor.reset(region, region.startAddress() + offset, length);
        cursor.views(views, 4, length);
    }
}
