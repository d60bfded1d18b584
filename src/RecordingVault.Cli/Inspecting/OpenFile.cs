using Microsoft.Win32.SafeHandles;
using RecordingVault.Marks.Splicing;

namespace RecordingVault.Cli.Inspecting;

/// <summary>A file of this machine, for the readers of marks. It is read where they look and nowhere else, however long it is.</summary>
internal sealed class OpenFile(SafeFileHandle handle) : IByteSource
{
    public long Length { get; } = RandomAccess.GetLength(handle);

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var got = 0; buffer.Length > 0; offset += got, buffer = buffer[got..])
        {
            if ((got = await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken)) == 0)
                throw new EndOfStreamException("The file became shorter while it was read.");
        }
    }
}
