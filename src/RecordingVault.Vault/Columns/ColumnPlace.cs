using System.Text;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Columns;

/// <summary>The one row and column where a sealed text belongs.</summary>
internal readonly record struct ColumnPlace(Guid TenantId, Guid RowId, string TableColumn)
{
    public byte[] AssociatedText()
    {
        var columnName = Encoding.ASCII.GetBytes(TableColumn);
        var bytes = new byte[Labels.Column.Length + 32 + columnName.Length];
        Labels.Column.CopyTo(bytes);
        TenantId.TryWriteBytes(bytes.AsSpan(Labels.Column.Length), bigEndian: true, out _);
        RowId.TryWriteBytes(bytes.AsSpan(Labels.Column.Length + 16), bigEndian: true, out _);
        columnName.CopyTo(bytes, Labels.Column.Length + 32);
        return bytes;
    }
}
