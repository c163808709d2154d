'use client';

import type { JsonObject } from '@/components/editor/draft.view';
import { ChoiceControl } from '@/components/editor/form/choice-control';
import { CronControl } from '@/components/editor/form/cron-control';
import { ExpressionInput } from '@/components/editor/form/expression-input';
import { FlagsControl, WeekdaysControl } from '@/components/editor/form/flags-control';
import type { ControlProps } from '@/components/editor/form/form-context';
import { ListControl } from '@/components/editor/form/list-control';
import { NamedControl } from '@/components/editor/form/named-control';
import { RecordControl } from '@/components/editor/form/record-control';
import { SchemaForm } from '@/components/editor/form/schema-form';
import { SecondsControl } from '@/components/editor/form/seconds-control';
import {
  BooleanControl,
  EnumControl,
  NumberControl,
  TextControl,
} from '@/components/editor/form/simple-controls';
import { StrategyOptions } from '@/components/editor/form/strategy-options';
import { AnyControl, JsonControl } from '@/components/editor/form/typed-controls';
import { asSchema, type FieldKind } from '@/components/editor/schema.view';

interface AnyKindProps extends ControlProps {
  readonly kind: FieldKind;
  readonly name: string;
  readonly siblings: JsonObject;
  readonly required: boolean;
}

/** The control for a kind of field. */
export function Control({ kind, name, siblings, required, ...control }: AnyKindProps) {
  switch (kind.kind) {
    case 'boolean':
      // The name of a field is put beside its box; an entry of a list has none.
      return <BooleanControl {...control} worded={name !== ''} />;
    case 'number':
      return <NumberControl {...control} {...kind} />;
    case 'seconds':
      return <SecondsControl {...control} />;
    case 'text':
      return <TextControl {...control} long={kind.long} />;
    case 'enum':
      return <EnumControl {...control} values={kind.values} required={required} />;
    case 'flags':
      return <FlagsControl {...control} values={kind.values} />;
    case 'weekdays':
      return <WeekdaysControl {...control} />;
    case 'named':
      return <NamedControl {...control} widget={kind.widget} siblings={siblings} required={required} />;
    case 'list':
      return <ListControl {...control} item={kind.item} name={name} />;
    case 'object':
      return (
        <Nested>
          <SchemaForm
            boxed
            fields={kind.fields}
            value={asSchema(control.value)}
            path={control.path}
            onChange={control.onChange}
          />
        </Nested>
      );
    case 'record':
      return <RecordControl {...control} schema={kind.value} />;
    case 'choice':
      return <ChoiceControl {...control} branches={kind.branches} required={required} />;
    case 'strategyOptions':
      return <StrategyOptions {...control} strategy={siblings['strategy']} />;
    case 'cron':
      return <CronControl {...control} timeZone={siblings['timeZone']} />;
    case 'expression':
      return <ExpressionInput {...control} bare />;
    case 'braced':
      return <ExpressionInput {...control} />;
    case 'json':
      return <JsonControl {...control} />;
    case 'any':
      return <AnyControl {...control} />;
    default:
      return kind satisfies never;
  }
}

/** Sets what belongs together apart from what is around it. */
export function Nested({ children }: { children: React.ReactNode }) {
  return <div className="flex flex-col gap-4 rounded-md border bg-canvas p-3">{children}</div>;
}
