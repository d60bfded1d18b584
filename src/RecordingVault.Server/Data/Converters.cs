using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Data;

/// <summary>Bytes in, bytes out: no converter ever opens a sealed column (security.md 4).</summary>
internal sealed class SealedTextConverter() : ValueConverter<SealedText, byte[]>(text => text.Bytes.ToArray(), bytes => SealedText.FromBytes(bytes));

internal sealed class UtcMicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
    microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond));
