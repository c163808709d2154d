import { redirect } from 'next/navigation';

/** Executions are listed under Activity; the address without an id leads there. */
export default function Page() {
  redirect('/activity');
}
