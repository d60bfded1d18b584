using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The strong ETag of content: the first 16 bytes of SHA-256(asset id ‖ digest of the front, 32 bytes ‖ overlay version, 4 bytes big-endian).
/// While content is sent as it was stored there is no front: its digest is zero and the version 0. Never a hash of the content (security.md 7).
/// </summary>
internal static class ContentTag
{
    private const uint NoOverlay = 0;

    public static EntityTagHeaderValue Of(Guid assetId)
    {
        Span<byte> named = stackalloc byte[16 + SHA256.HashSizeInBytes + sizeof(uint)];
        named.Clear();
        assetId.TryWriteBytes(named, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(named[^sizeof(uint)..], NoOverlay);
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(named).AsSpan(0, 16))}\"");
    }
}
