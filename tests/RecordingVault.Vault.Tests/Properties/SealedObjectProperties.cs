using System.Security.Cryptography;
using FsCheck;
using FsCheck.Xunit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;
using RecordingVault.Vault.Tests.Storage;

namespace RecordingVault.Vault.Tests.Properties;

/// <summary>What holds for every object, whatever its length and however its bytes arrive.</summary>
[Properties(Arbitrary = [typeof(EdgyLengths)], MaxTest = 60)]
public sealed class SealedObjectProperties : IDisposable
{
    private readonly OwnerKey key = new(Guid.NewGuid(), KeyKind.Recording, Guid.NewGuid(), Guid.NewGuid(), RandomNumberGenerator.GetBytes(32));
    private readonly byte[] salt = RandomNumberGenerator.GetBytes(32);

    private SealedHeader Header => new(ObjectRole.OriginalSegment, key.TenantId, key.OwnerId, key.Id);

    public void Dispose() => key.Dispose();

    [Property]
    public async Task Whatever_was_sealed_opens_and_has_the_length_of_the_formula(EdgyLength length)
    {
        var content = RandomNumberGenerator.GetBytes(length.Value);

        var sealedBytes = await SealStreamAsync(content);
        using var opened = LoneObject.Open(sealedBytes, key, Header);

        Assert.Equal(SealedLayout.SealedLength(content.Length), sealedBytes.Length);
        Assert.Equal(content, opened.Span);
    }

    [Property]
    public async Task How_the_bytes_arrive_changes_nothing(EdgyLength length, PositiveInt piece)
    {
        var content = RandomNumberGenerator.GetBytes(length.Value);
        using var buffer = await new SegmentPool(1, 1).RentAsync(CancellationToken.None);
        buffer.BeginSealing(key, new SegmentSealing(Header, salt, Guid.Empty));
        for (var at = 0; at < content.Length;)
        {
            // Ahead at one of two pieces, so that one, none and several chunks are sealed at once.
            if (at % 2 == 0) buffer.SealFullChunks();
            var room = buffer.GetMemory();
            var count = Math.Min(Math.Min(room.Length, 1 + (piece.Get * 997)), content.Length - at);
            content.AsMemory(at, count).CopyTo(room);
            buffer.Advance(count);
            at += count;
        }

        buffer.Hold();
        var inPlace = buffer.Seal().ToArray();
        buffer.Release();

        Assert.Equal(await SealStreamAsync(content), inPlace);
    }

    [Property(MaxTest = 200)]
    public async Task Any_flipped_bit_is_found(EdgyLength length, NonNegativeInt where, byte bit)
    {
        var sealedBytes = await SealStreamAsync(new byte[length.Value]);
        // A prime step visits header, chunks and tags alike, also in long objects.
        sealedBytes[(int)((where.Get * 1_000_003L) % sealedBytes.Length)] ^= (byte)(1 << (bit % 8));

        Assert.Throws<SealedFormatException>(() => LoneObject.Open(sealedBytes, key, Header));
    }

    [Property]
    public async Task Any_cut_or_added_end_is_found(EdgyLength length, PositiveInt change)
    {
        var sealedBytes = await SealStreamAsync(new byte[length.Value]);
        var cut = sealedBytes[..^Math.Min(change.Get, sealedBytes.Length)];
        byte[] longer = [.. sealedBytes, .. sealedBytes.TakeLast(change.Get)];

        Assert.Throws<SealedFormatException>(() => LoneObject.Open(cut, key, Header));
        Assert.Throws<SealedFormatException>(() => LoneObject.Open(longer, key, Header));
    }

    [Property(MaxTest = 1000)]
    public void A_sealed_length_tells_the_plaintexts_and_no_other(long number)
    {
        var length = (number & long.MaxValue) % (SealedLayout.MaxPlaintextLength + 1);

        Assert.True(SealedLayout.TryPlaintextLength(SealedLayout.SealedLength(length), out var told));
        Assert.Equal(length, told);
        if (SealedLayout.TryPlaintextLength(number & long.MaxValue, out var claimed)) Assert.Equal(number & long.MaxValue, SealedLayout.SealedLength(claimed));
    }

    [Property]
    public async Task Any_range_of_any_segments_is_the_slice(EdgySegments segments, NonNegativeInt from, NonNegativeInt count)
    {
        await using var vault = new OpenVault();
        var (asset, content) = await vault.PutOriginalAsync(segments.Lengths);
        var offset = (int)(from.Get * 65_521L % content.Length);
        var length = (int)(count.Get * 32_749L % (content.Length - offset + 1));
        using var reader = vault.Open(asset);

        await using var range = await reader.OpenRangeAsync(offset, length, CancellationToken.None);
        using var opened = new MemoryStream();
        await range.CopyToAsync(opened, CancellationToken.None);

        Assert.Equal(content.AsSpan(offset, length).ToArray(), opened.ToArray());
    }

    private async Task<byte[]> SealStreamAsync(byte[] content)
    {
        await using var sealing = new SealingStream(new TricklingStream(content), key, Header, salt);
        using var all = new MemoryStream();
        await sealing.CopyToAsync(all);
        Assert.Equal(content.Length, sealing.PlaintextLength);
        return all.ToArray();
    }
}
