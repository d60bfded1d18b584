using System.Security.Cryptography;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Vault.Tests.Storage;

/// <summary>What every object store must do. A new one derives from this and passes.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    private protected IObjectStore Store { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty store of its own for each test.</summary>
    private protected abstract ValueTask<IObjectStore> OpenEmptyAsync();

    private protected abstract ValueTask RemoveAsync();

    public async ValueTask InitializeAsync() => Store = await OpenEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(176)]
    [InlineData(5_000_000)]
    public async Task What_was_put_is_found_and_read(int length)
    {
        var (name, bytes) = (NewName(), RandomNumberGenerator.GetBytes(length));

        await Store.PutAsync(name, bytes, Cancellation);

        var found = await Store.FindAsync(name, Cancellation);
        Assert.Equal(new StoredObject(name, length, found!.LastModified), found);
        Assert.Equal(bytes, await ReadAsync(name, 0, length + 10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    [InlineData(5_242_879)]
    [InlineData(5_242_880)]
    [InlineData(20_000_000)]
    public async Task A_stream_of_unknown_length_is_put_whole(int length)
    {
        var (name, bytes) = (NewName(), RandomNumberGenerator.GetBytes(length));

        await Store.PutAsync(name, new TricklingStream(bytes), Cancellation);

        Assert.Equal(bytes, await ReadAsync(name, 0, length + 1));
    }

    [Theory]
    [InlineData(3_000_000, 2_000_000)]
    [InlineData(40_000_000, 7_000_000)]
    [InlineData(40_000_000, 36_000_000)]
    public async Task A_stream_that_breaks_leaves_no_object(int length, int breakAt)
    {
        var name = NewName();

        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new TricklingStream(new byte[length], breakAt: breakAt), Cancellation));

        Assert.Null(await Store.FindAsync(name, Cancellation));
        Assert.Empty(await ListAsync(""));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(990, 10)]
    [InlineData(500, 1)]
    [InlineData(990, 100)]
    [InlineData(1000, 5)]
    [InlineData(2000, 5)]
    public async Task A_range_is_the_slice_and_ends_with_the_object(int offset, int length)
    {
        var (name, bytes) = (NewName(), RandomNumberGenerator.GetBytes(1000));
        await Store.PutAsync(name, bytes, Cancellation);

        Assert.Equal(bytes.Skip(offset).Take(length), await ReadAsync(name, offset, length));
    }

    [Fact]
    public async Task Nothing_of_an_object_is_an_empty_range()
    {
        var name = NewName();
        await Store.PutAsync(name, new byte[3], Cancellation);

        Assert.Empty(await ReadAsync(name, 0, 0));
    }

    [Fact]
    public async Task What_is_not_there_is_missing()
    {
        Assert.Null(await Store.FindAsync(NewName(), Cancellation));
        var problem = await Assert.ThrowsAsync<SealedFormatException>(() => Store.OpenReadAsync(NewName(), 0, 1, Cancellation));
        Assert.Equal(FormatFailure.Missing, problem.Failure);
    }

    [Fact]
    public async Task Putting_the_same_bytes_again_is_a_retry()
    {
        var (name, bytes) = (NewName(), RandomNumberGenerator.GetBytes(100_000));
        await Store.PutAsync(name, bytes, Cancellation);

        await Store.PutAsync(name, bytes, Cancellation);
        await Store.PutAsync(name, new MemoryStream(bytes), Cancellation);

        Assert.Single(await ListAsync(""));
    }

    [Theory]
    [InlineData(100_000, 50_000)]
    [InlineData(100_001, 100_000)]
    [InlineData(99_999, 50_000)]
    public async Task Other_bytes_never_overwrite_an_object(int length, int changedAt)
    {
        var (name, bytes) = (NewName(), RandomNumberGenerator.GetBytes(100_000));
        await Store.PutAsync(name, bytes, Cancellation);
        var others = new byte[length];
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(others);
        others[changedAt] ^= 1;

        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, others, Cancellation));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new MemoryStream(others), Cancellation));

        Assert.Equal(bytes, await ReadAsync(name, 0, 200_000));
    }

    [Fact]
    public async Task Of_many_writers_of_one_name_one_wins_and_nothing_is_mixed()
    {
        var name = NewName();
        var contents = Enumerable.Range(0, 12).Select(i => Enumerable.Repeat((byte)i, 200_000).ToArray()).ToList();

        var puts = await Task.WhenAll(contents.Select(async bytes =>
        {
            try
            {
                await Store.PutAsync(name, bytes, Cancellation);
                return bytes;
            }
            catch (IOException)
            {
                return null;
            }
        }));

        var winner = Assert.Single(puts, bytes => bytes is not null);
        Assert.Equal(winner, await ReadAsync(name, 0, 200_001));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_deleting_again_is_fine()
    {
        var name = NewName();
        await Store.PutAsync(name, new byte[10], Cancellation);

        await Store.DeleteAsync(name, Cancellation);
        await Store.DeleteAsync(name, Cancellation);

        Assert.Null(await Store.FindAsync(name, Cancellation));
        Assert.Empty(await ListAsync(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_001)]
    public async Task Many_are_deleted_at_once_and_no_other(int count)
    {
        var kept = NewName();
        List<ObjectName> names = [.. Enumerable.Range(0, count).Select(_ => NewName())];
        await Store.PutAsync(kept, new byte[1], Cancellation);
        await Parallel.ForEachAsync(names, Cancellation, async (name, ended) => await Store.PutAsync(name, new byte[1], ended));

        await Store.DeleteAsync([.. names, NewName()], Cancellation);

        Assert.Equal([kept.Value], await ListAsync(""));
    }

    [Fact]
    public async Task A_deleted_name_may_be_put_again()
    {
        var name = NewName();
        await Store.PutAsync(name, new byte[10], Cancellation);
        await Store.DeleteAsync(name, Cancellation);

        await Store.PutAsync(name, new byte[] { 1, 2 }, Cancellation);

        Assert.Equal([1, 2], await ReadAsync(name, 0, 10));
    }

    [Fact]
    public async Task A_listing_has_what_lies_below_its_prefix_and_nothing_else()
    {
        var (tenant, recording, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        string[] inside = [$"t/{tenant}/r/{recording}/original/{Guid.NewGuid()}", $"t/{tenant}/r/{recording}/key/{Guid.NewGuid()}"];
        string[] outside = [$"t/{tenant}/r/{other}/original/{Guid.NewGuid()}", $"t/{tenant}/key/{Guid.NewGuid()}", $"v/key/{Guid.NewGuid()}", $"t/{tenant}/r/{recording}x/a"];
        foreach (var name in (string[])[.. inside, .. outside]) await Store.PutAsync(ObjectName.Parse(name), new byte[3], Cancellation);

        Assert.Equal(inside.Order(), await ListAsync($"t/{tenant}/r/{recording}/"));
        Assert.Equal(inside.Concat(outside).Order(), await ListAsync(""));
        Assert.Empty(await ListAsync($"t/{Guid.NewGuid()}/"));
    }

    [Fact]
    public async Task The_folders_below_a_prefix_are_each_listed_once()
    {
        var (tenant, first, second) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var recording in (Guid[])[first, first, second]) await Store.PutAsync(ObjectName.Parse($"t/{tenant}/r/{recording}/original/{Guid.NewGuid()}"), new byte[3], Cancellation);
        await Store.PutAsync(ObjectName.Parse($"t/{tenant}/key/{Guid.NewGuid()}"), new byte[3], Cancellation);

        var recordings = await Store.ListFoldersAsync($"t/{tenant}/r/", Cancellation).ToListAsync(Cancellation);
        var below = await Store.ListFoldersAsync($"t/{tenant}/", Cancellation).ToListAsync(Cancellation);

        Assert.Equal(new[] { first.ToString(), second.ToString() }.Order(), recordings.Order());
        Assert.Equal(["key", "r"], below.Order());
    }

    [Theory]
    [InlineData("t")]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("t/./")]
    public async Task A_prefix_that_is_no_folder_is_refused(string prefix) =>
        await Assert.ThrowsAsync<ArgumentException>(() => ListAsync(prefix));

    [Fact]
    public async Task A_cancelled_put_leaves_no_object()
    {
        var name = NewName();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(name, new byte[10], cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(name, new MemoryStream(new byte[10]), cancelled.Token));

        Assert.Null(await Store.FindAsync(name, Cancellation));
    }

    private protected static ObjectName NewName() => ObjectName.Parse($"t/{Guid.NewGuid()}/r/{Guid.NewGuid()}/original/{Guid.NewGuid()}");

    private protected async Task<byte[]> ReadAsync(ObjectName name, long offset, long length)
    {
        await using var stream = await Store.OpenReadAsync(name, offset, length, Cancellation);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    private protected async Task<List<string>> ListAsync(string prefix) =>
        [.. await Store.ListAsync(prefix, Cancellation).Select(found => found.Name.Value).OrderBy(name => name, StringComparer.Ordinal).ToListAsync(Cancellation)];
}
