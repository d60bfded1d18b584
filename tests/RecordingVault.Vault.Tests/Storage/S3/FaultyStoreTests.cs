using System.Security.Cryptography;
using RecordingVault.Vault.Storage;
using RecordingVault.Vault.Storage.S3;

namespace RecordingVault.Vault.Tests.Storage.S3;

/// <summary>A killed, slow, lying, half-answering or full store gives an error in words or is asked again, and never half an object that counts.</summary>
public sealed class FaultyStoreTests : IAsyncLifetime
{
    private static readonly S3Timing Hasty = new()
    {
        Answer = TimeSpan.FromSeconds(2),
        Put = TimeSpan.FromSeconds(2),
        Silence = TimeSpan.FromSeconds(1),
        Pauses = [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40)],
    };

    private readonly byte[] bytes = RandomNumberGenerator.GetBytes(4_195_456);
    private TestBucket bucket = null!;
    private FaultProxy proxy = null!;
    private S3ObjectStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bucket = await TestBucket.MakeAsync();
        proxy = new FaultProxy(TestBucket.Endpoint);
        store = bucket.Open(proxy.Endpoint, Hasty);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await proxy.DisposeAsync();
        await bucket.DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(Fault.BreakRequest))]
    [InlineData(nameof(Fault.LoseAnswer))]
    [InlineData(nameof(Fault.Silence))]
    [InlineData(nameof(Fault.SlowDown))]
    [InlineData(nameof(Fault.InternalError))]
    [InlineData(nameof(Fault.FlipRequest))]
    public async Task A_put_that_failed_is_tried_again_and_is_whole(string fault)
    {
        var name = NewName();
        proxy.Next(Enum.Parse<Fault>(fault));

        await store.PutAsync(name, bytes, Ct);

        Assert.Equal(bytes, await ReadDirectlyAsync(name));
    }

    [Theory]
    [InlineData(nameof(Fault.BreakRequest), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.Silence), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.SlowDown), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.FlipRequest), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.NoRoom), nameof(StoreFailure.Full))]
    [InlineData(nameof(Fault.Quota), nameof(StoreFailure.Full))]
    [InlineData(nameof(Fault.Lie), nameof(StoreFailure.Misbehaving))]
    [InlineData(nameof(Fault.Redirect), nameof(StoreFailure.Refused))]
    public async Task A_put_that_fails_each_time_says_why_and_leaves_nothing(string fault, string failure)
    {
        var name = NewName();
        proxy.Next(Enumerable.Repeat(Enum.Parse<Fault>(fault), 4));

        var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(name, bytes, Ct));

        Assert.Equal(Enum.Parse<StoreFailure>(failure), failed.Failure);
        Assert.Null(await FindDirectlyAsync(name));
        RequireSilent(failed.Message);
    }

    [Theory]
    [InlineData(nameof(Fault.BreakAnswer))]
    [InlineData(nameof(Fault.Stall))]
    [InlineData(nameof(Fault.Silence))]
    [InlineData(nameof(Fault.SlowDown))]
    [InlineData(nameof(Fault.LoseAnswer))]
    [InlineData(nameof(Fault.InternalError))]
    public async Task A_read_goes_on_where_it_broke(string fault)
    {
        var name = await PutDirectlyAsync();
        proxy.Next(Enum.Parse<Fault>(fault), Enum.Parse<Fault>(fault));

        Assert.Equal(bytes.AsSpan(1000, 3_000_000).ToArray(), await ReadAsync(name, 1000, 3_000_000));
    }

    [Theory]
    [InlineData(nameof(Fault.Silence), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.SlowDown), nameof(StoreFailure.Unavailable))]
    [InlineData(nameof(Fault.IgnoreRange), nameof(StoreFailure.Misbehaving))]
    [InlineData(nameof(Fault.WrongRange), nameof(StoreFailure.Misbehaving))]
    [InlineData(nameof(Fault.Html), nameof(StoreFailure.Misbehaving))]
    [InlineData(nameof(Fault.Redirect), nameof(StoreFailure.Refused))]
    public async Task A_read_that_fails_each_time_says_why(string fault, string failure)
    {
        var name = await PutDirectlyAsync();
        proxy.Next(Enumerable.Repeat(Enum.Parse<Fault>(fault), 20));

        var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(name, 70_000, 3_000_000));

        Assert.Equal(Enum.Parse<StoreFailure>(failure), failed.Failure);
        RequireSilent(failed.Message);
    }

    [Fact]
    public async Task A_read_that_breaks_without_end_gives_up()
    {
        var name = await PutDirectlyAsync();
        // The first one brings half, each later one half of what is left.
        proxy.Next(Enumerable.Repeat(Fault.BreakAnswer, 200));

        var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(name, 0, bytes.Length));

        Assert.Equal(StoreFailure.Unavailable, failed.Failure);
    }

    [Fact]
    public async Task A_store_that_does_not_look_at_ranges_is_read_from_the_beginning_all_the_same()
    {
        var name = await PutDirectlyAsync();
        proxy.Next(Fault.IgnoreRange);

        Assert.Equal(bytes[..100_000], await ReadAsync(name, 0, 100_000));
    }

    [Fact]
    public async Task An_answer_to_a_put_that_was_lost_leads_to_the_same_object_and_not_to_a_refusal()
    {
        var name = NewName();
        proxy.Next(Fault.LoseAnswer);

        await store.PutAsync(name, bytes, Ct);

        Assert.Equal(2, proxy.Requests.Count(line => line.StartsWith("PUT", StringComparison.Ordinal)));
        Assert.Equal(bytes, await ReadDirectlyAsync(name));
    }

    [Theory]
    [InlineData(nameof(Fault.SlowDown))]
    [InlineData(nameof(Fault.BreakAnswer))]
    [InlineData(nameof(Fault.InternalError))]
    public async Task Looking_listing_and_deleting_are_tried_again(string fault)
    {
        var name = await PutDirectlyAsync();
        var spoilt = Enum.Parse<Fault>(fault);

        proxy.Next(spoilt);
        var found = await store.FindAsync(name, Ct);
        proxy.Next(spoilt);
        var listed = await store.ListAsync("", Ct).ToListAsync(Ct);
        proxy.Next(spoilt);
        await store.DeleteAsync(name, Ct);

        Assert.Equal(bytes.Length, found!.LengthInBytes);
        Assert.Equal(name, Assert.Single(listed).Name);
        Assert.Null(await FindDirectlyAsync(name));
    }

    [Fact]
    public async Task A_long_object_whose_parts_fail_is_no_object_and_leaves_no_parts()
    {
        var name = NewName();
        proxy.Spoils = line => line.Contains("partNumber=2", StringComparison.Ordinal);
        proxy.Next(Enumerable.Repeat(Fault.InternalError, 10));

        await Assert.ThrowsAsync<ObjectStoreException>(() => store.PutAsync(name, new TricklingStream(new byte[40_000_000]), Ct));

        Assert.Null(await FindDirectlyAsync(name));
        Assert.Empty(await bucket.IncompleteAsync(Ct));
    }

    [Fact]
    public async Task A_store_that_is_not_there_says_so()
    {
        await using var nowhere = bucket.Open("127.0.0.1:1", Hasty);

        var failed = await Assert.ThrowsAsync<ObjectStoreException>(() => nowhere.PutAsync(NewName(), new byte[1], Ct));

        Assert.Equal(StoreFailure.Unavailable, failed.Failure);
    }

    [Theory]
    [InlineData("Bucket")]
    [InlineData("SecretKey")]
    [InlineData("AccessKey")]
    public async Task A_wrong_setting_is_refused_at_once_and_named(string setting)
    {
        var right = bucket.Settings with { Endpoint = proxy.Endpoint };
        await using var wrong = new S3ObjectStore(
            setting switch { "Bucket" => right with { Bucket = "no-such-bucket" }, "SecretKey" => right with { SecretKey = "another" }, _ => right with { AccessKey = "another" } }, Hasty, TimeProvider.System);

        var put = await Assert.ThrowsAsync<ObjectStoreException>(() => wrong.PutAsync(NewName(), new byte[1], Ct));
        var read = await Assert.ThrowsAsync<ObjectStoreException>(() => wrong.OpenReadAsync(NewName(), 0, 1, Ct));

        Assert.Equal([StoreFailure.Refused, StoreFailure.Refused], [put.Failure, read.Failure]);
        Assert.Contains(setting == "Bucket" ? "bucket" : "keys", put.Message, StringComparison.Ordinal);
        Assert.Equal(2, proxy.Requests.Count);
    }

    [Fact]
    public async Task Puts_in_flight_are_bounded_over_all_who_put()
    {
        proxy.Next(Enumerable.Repeat(Fault.Silence, 100));
        using var giveUp = new CancellationTokenSource();

        var puts = Enumerable.Range(0, 20).Select(_ => store.PutAsync(NewName(), bytes, giveUp.Token)).ToList();
        await Task.WhenAny([.. puts, Task.Delay(1_000, Ct)]);
        var begun = proxy.Requests.Count;
        await giveUp.CancelAsync();

        Assert.InRange(begun, 1, 4);
        foreach (var put in puts) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
    }

    private static ObjectName NewName() => ObjectName.Parse($"t/{Guid.NewGuid()}/r/{Guid.NewGuid()}/original/{Guid.NewGuid()}");

    /// <summary>Addresses that are signed are secrets, and so is where the store is.</summary>
    private void RequireSilent(string message)
    {
        foreach (var secret in (string[])["Signature", "X-Amz", "http:", "127.0.0.1", bucket.Settings.AccessKey, bucket.Settings.SecretKey]) Assert.DoesNotContain(secret, message, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<byte[]> ReadAsync(ObjectName name, long offset, long length)
    {
        await using var stream = await store.OpenReadAsync(name, offset, length, Ct);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Ct);
        return all.ToArray();
    }

    private async Task<ObjectName> PutDirectlyAsync()
    {
        var name = NewName();
        await using var direct = bucket.Open();
        await direct.PutAsync(name, bytes, Ct);
        return name;
    }

    private async Task<byte[]> ReadDirectlyAsync(ObjectName name)
    {
        await using var direct = bucket.Open();
        await using var stream = await direct.OpenReadAsync(name, 0, bytes.Length + 1, Ct);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Ct);
        return all.ToArray();
    }

    private async Task<StoredObject?> FindDirectlyAsync(ObjectName name)
    {
        await using var direct = bucket.Open();
        return await direct.FindAsync(name, Ct);
    }
}
