using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace RecordingVault.Server.Data;

/// <summary>Names in the database as security.md writes them (key_wraps, tenant_id), for both engines.</summary>
internal static class SnakeCase
{
    public static void Apply(IMutableModel model)
    {
        foreach (var type in model.GetEntityTypes())
        {
            if (type.IsOwned() || type.GetTableName() is not { } table)
                continue;
            type.SetTableName(Of(table));
            foreach (var property in type.GetProperties())
                property.SetColumnName(Of(property.GetColumnName()));
            foreach (var key in type.GetKeys())
                key.SetName(Of(key.GetName()!));
            foreach (var foreignKey in type.GetForeignKeys())
                foreignKey.SetConstraintName(Of(foreignKey.GetConstraintName()!));
            foreach (var index in type.GetIndexes())
                index.SetDatabaseName(Of(index.GetDatabaseName()!));
        }
    }

    private static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
