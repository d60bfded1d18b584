using RecordingVault.Cli.Tests.Bucket;

namespace RecordingVault.Cli.Tests;

public sealed class InspectTests : IAsyncLifetime
{
    private TestBucket bucket = null!;
    private TestRecording recording = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bucket = await TestBucket.CreateAsync(Ct);
        recording = await bucket.PutRecordingAsync("Coaching", [70_000], Ct);
    }

    public ValueTask DisposeAsync() => bucket.DisposeAsync();

    [Fact]
    public async Task A_sealed_object_shows_what_it_says_of_itself()
    {
        var run = await VaultRun.OfAsync("inspect", bucket.FileOf(bucket.NameOf(recording, recording.OriginalAsset, 0)));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("role          2 original", run.Out);
        Assert.Contains($"tenant        {bucket.TenantId}", run.Out);
        Assert.Contains($"owner         {recording.Id}", run.Out);
        Assert.Contains($"object        {recording.OriginalAsset.Segments[0].ObjectId}", run.Out);
        Assert.Contains("sealed        70160 bytes", run.Out);
        Assert.Contains("plaintext     70000 bytes", run.Out);
        Assert.DoesNotContain("Coaching", run.Out);
    }

    [Fact]
    public async Task A_wrapped_key_shows_whose_it_is()
    {
        var run = await VaultRun.OfAsync("inspect", bucket.FileOf(bucket.TenantWrap.ObjectName));

        Assert.Equal(0, run.Code);
        Assert.Contains("kind          2 Tenant", run.Out);
        Assert.Contains($"key           {bucket.TenantWrap.KeyId}", run.Out);
        Assert.Contains($"wrapped by    {bucket.TenantWrap.WrappingKeyId}", run.Out);
    }

    [Fact]
    public async Task A_length_that_no_plaintext_gives_is_pointed_at()
    {
        var file = bucket.FileOf(bucket.NameOf(recording, recording.CaptionsAsset, 0));
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Ct))[..130], Ct);

        var run = await VaultRun.OfAsync("inspect", file);

        Assert.Contains("the file was cut or extended", run.Out);
    }

    [Fact]
    public async Task What_is_no_sealed_file_is_refused()
    {
        var stranger = bucket.Out;
        await File.WriteAllBytesAsync(stranger, new byte[500], Ct);

        var other = await VaultRun.OfAsync("inspect", stranger);
        var nothing = await VaultRun.OfAsync("inspect", stranger + "-nothing");

        Assert.Equal((1, 2), (other.Code, nothing.Code));
        Assert.Contains("(unknown-magic)", other.Error);
    }
}
