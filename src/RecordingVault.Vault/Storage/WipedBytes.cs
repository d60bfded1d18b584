using System.Buffers;
using System.Security.Cryptography;

namespace RecordingVault.Vault.Storage;

/// <summary>Plaintext of a known small size, pinned while it lives and wiped when it is disposed. Grows when it is written to.</summary>
internal sealed class WipedBytes : IBufferWriter<byte>, IDisposable
{
    private const int FirstLength = 4096;

    private byte[] bytes;

    public WipedBytes() : this(FirstLength) => Length = 0;

    public WipedBytes(int length)
    {
        bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        Length = length;
    }

    public int Length { get; private set; }

    public Memory<byte> Memory => bytes.AsMemory(0, Length);

    public Span<byte> Span => bytes.AsSpan(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bytes.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Math.Max(1, sizeHint);
        if (bytes.Length - Length < needed) Grow(needed);
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        Length = 0;
    }

    private void Grow(int needed)
    {
        var larger = GC.AllocateUninitializedArray<byte>(checked(Math.Max(bytes.Length * 2, Length + needed)), pinned: true);
        Span.CopyTo(larger);
        CryptographicOperations.ZeroMemory(bytes);
        bytes = larger;
    }
}
