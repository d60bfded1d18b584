using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using RecordingVault.Marks.Serving;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The strong ETag of content: the first 16 bytes of SHA-256(asset id ‖ digest of the front, 32 bytes ‖ overlay version, 4 bytes big-endian).
/// What is sent as it was stored has no front: its digest is zero and the version 0. Never a hash of the content (security.md 7).
/// </summary>
internal static class ContentTag
{
    /// <param name="front">SHA-256 of the front that it is sent with; empty where there is none.</param>
    public static EntityTagHeaderValue Of(Guid assetId, ReadOnlySpan<byte> front)
    {
        Span<byte> named = stackalloc byte[16 + SHA256.HashSizeInBytes + sizeof(uint)];
        named.Clear();
        assetId.TryWriteBytes(named, bigEndian: true, out _);
        front.CopyTo(named[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(named[^sizeof(uint)..], front.IsEmpty ? 0u : MarkedLayout.Version);
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(named).AsSpan(0, 16))}\"");
    }
}
