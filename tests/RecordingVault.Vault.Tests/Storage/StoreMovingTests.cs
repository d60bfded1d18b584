using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

public sealed class StoreMovingTests : IAsyncLifetime
{
    private readonly TemporaryFolder oldFolder = new();
    private readonly TemporaryFolder newFolder = new();
    private readonly Guid tenant = Guid.NewGuid();
    private readonly Guid recording = Guid.NewGuid();
    private IObjectStore former = null!;
    private IObjectStore store = null!;
    private JoinedObjectStore both = null!;
    private StoreMoving moving = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        (former, store) = (FolderObjectStore.Open(oldFolder.Path), FolderObjectStore.Open(newFolder.Path));
        both = new JoinedObjectStore(store, former);
        moving = new StoreMoving(store, former);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await both.DisposeAsync();
        oldFolder.Dispose();
        newFolder.Dispose();
    }

    [Fact]
    public async Task What_was_not_moved_is_read_and_listed_where_it_was_and_new_bytes_go_to_the_new_store()
    {
        var (there, bytes) = await PutFormerAsync(1_000);
        var fresh = Name();
        await both.PutAsync(fresh, new byte[3], Ct);

        Assert.Equal(bytes, await ReadAsync(both, there));
        Assert.Equal(1_000, (await both.FindAsync(there, Ct))!.LengthInBytes);
        Assert.Equal(new[] { there, fresh }.OrderBy(name => name.Value), (await ListAsync(both)).OrderBy(name => name.Value));
        Assert.Null(await former.FindAsync(fresh, Ct));
        Assert.Equal(["r"], await both.ListFoldersAsync($"t/{tenant}/", Ct).ToListAsync(Ct));
        await Assert.ThrowsAsync<SealedFormatException>(() => both.OpenReadAsync(Name(), 0, 1, Ct));
    }

    [Fact]
    public async Task A_recording_is_moved_whole_and_reads_go_on()
    {
        var (first, firstBytes) = await PutFormerAsync(5_000);
        var (second, _) = await PutFormerAsync(10);
        var (elsewhere, _) = await PutFormerAsync(10, Guid.NewGuid());
        await using var begun = await both.OpenReadAsync(first, 0, 5_000, Ct);

        var moved = await moving.MoveRecordingAsync(tenant, recording, Lives, Ct);

        Assert.Equal(new MovedObjects(2, 5_010), moved);
        Assert.Equal([elsewhere], await ListAsync(former));
        Assert.Equal(new[] { first, second }.OrderBy(name => name.Value), (await ListAsync(store)).OrderBy(name => name.Value));
        var read = new byte[5_000];
        await begun.ReadExactlyAsync(read, Ct);
        Assert.Equal(firstBytes, read);
        Assert.Equal(firstBytes, await ReadAsync(both, first));
        Assert.Equal(new MovedObjects(1, 10), await moving.MoveRestAsync(Lives, Ct));
        Assert.Empty(await ListAsync(former));
    }

    [Fact]
    public async Task A_move_that_broke_goes_on()
    {
        var (first, _) = await PutFormerAsync(1_000);
        var (second, bytes) = await PutFormerAsync(2_000);
        // As a run left it that was killed after the first copy.
        await store.PutAsync(first, await ReadAsync(former, first), Ct);

        await moving.MoveRecordingAsync(tenant, recording, Lives, Ct);

        Assert.Empty(await ListAsync(former));
        Assert.Equal(bytes, await ReadAsync(store, second));
    }

    [Fact]
    public async Task A_copy_that_is_not_like_its_original_stops_it_and_nothing_is_deleted()
    {
        var (name, bytes) = await PutFormerAsync(1_000);
        await store.PutAsync(name, bytes.Select(one => (byte)(one ^ 1)).ToArray(), Ct);

        await Assert.ThrowsAsync<IOException>(() => moving.MoveRecordingAsync(tenant, recording, Lives, Ct));

        Assert.Equal(bytes, await ReadAsync(former, name));
    }

    [Fact]
    public async Task What_is_deleted_while_it_is_copied_is_not_brought_back()
    {
        var (name, _) = await PutFormerAsync(1_000);
        var late = new CountingStore(store) { BeforePutStream = async () => await both.DeleteAsync(name, Ct) };

        await new StoreMoving(late, former).MoveRecordingAsync(tenant, recording, (_, id, _) => Task.FromResult(id == recording), Ct);

        Assert.Empty(await ListAsync(both));
    }

    [Fact]
    public async Task Two_movers_at_once_leave_one_copy_of_each()
    {
        var (name, bytes) = await PutFormerAsync(1_000);
        var late = new CountingStore(store) { BeforePutStream = async () => await moving.MoveRecordingAsync(tenant, recording, Lives, Ct) };

        await new StoreMoving(late, former).MoveRecordingAsync(tenant, recording, Lives, Ct);

        Assert.True(await moving.IsFormerEmptyAsync(Ct));
        Assert.Equal(bytes, await ReadAsync(store, name));
    }

    [Fact]
    public async Task What_is_gone_before_it_is_copied_does_not_stop_the_rest()
    {
        var (first, _) = await PutFormerAsync(10);
        var (second, _) = await PutFormerAsync(10);
        var deleted = false;
        var vanishing = new CountingStore(former) { BeforeOpen = async () => { if (!deleted) { deleted = true; await former.DeleteAsync([first, second], Ct); } } };

        var moved = await new StoreMoving(store, vanishing).MoveRecordingAsync(tenant, recording, Lives, Ct);

        Assert.Equal(new MovedObjects(0, 0), moved);
        Assert.True(await moving.IsFormerEmptyAsync(Ct));
    }

    [Fact]
    public async Task One_store_under_two_names_loses_nothing()
    {
        var (name, bytes) = await PutFormerAsync(1_000);

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => new StoreMoving(FolderObjectStore.Open(oldFolder.Path + "/."), former).MoveRecordingAsync(tenant, recording, Lives, Ct));

        Assert.Contains("one and the same", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await ReadAsync(former, name));
    }

    [Fact]
    public async Task A_delete_reaches_both()
    {
        var (name, bytes) = await PutFormerAsync(10);
        await store.PutAsync(name, bytes, Ct);
        var (other, _) = await PutFormerAsync(10);

        await both.DeleteAsync(name, Ct);
        await both.DeleteAsync([other], Ct);

        Assert.Empty(await ListAsync(both));
    }

    private static Task<bool> Lives(Guid tenantId, Guid recordingId, CancellationToken cancellationToken) => Task.FromResult(false);

    private ObjectName Name(Guid? owner = null) => ObjectName.Parse($"t/{tenant}/r/{owner ?? recording}/original/{Guid.NewGuid()}");

    private async Task<(ObjectName Name, byte[] Bytes)> PutFormerAsync(int length, Guid? owner = null)
    {
        var (name, bytes) = (Name(owner), RandomNumberGenerator.GetBytes(length));
        await former.PutAsync(name, bytes, Ct);
        return (name, bytes);
    }

    private static async Task<byte[]> ReadAsync(IObjectStore place, ObjectName name)
    {
        await using var stream = await place.OpenReadAsync(name, 0, 10_000, Ct);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Ct);
        return all.ToArray();
    }

    private static async Task<List<ObjectName>> ListAsync(IObjectStore place) => await place.ListAsync("", Ct).Select(found => found.Name).ToListAsync(Ct);
}
